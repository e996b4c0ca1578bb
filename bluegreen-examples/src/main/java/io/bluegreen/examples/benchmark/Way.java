package io.bluegreen.examples.benchmark;

import io.bluegreen.examples.demo.SwitchMode;
import io.bluegreen.nginx.ReloadProof;

/** A way to switch nginx. */
enum Way {
  LIVE("live mode", SwitchMode.LIVE, ReloadProof.AUTOMATIC),
  PROCESSES("reload, processes", SwitchMode.RELOAD, ReloadProof.PROCESSES),
  ASSISTED_QUIT("reload, assisted quit", SwitchMode.RELOAD, ReloadProof.ASSISTED_QUIT),
  SENTINELS("reload, sentinels", SwitchMode.RELOAD, ReloadProof.SENTINELS),
  QUIET_WINDOW("reload, quiet window", SwitchMode.RELOAD, ReloadProof.QUIET_WINDOW),
  /** As deploy scripts do it: sed, nginx -t, nginx -s reload; it proves nothing. */
  SHELL("shell: sed, -t, reload", SwitchMode.RELOAD, ReloadProof.AUTOMATIC);

  private final String label;
  private final SwitchMode mode;
  private final ReloadProof proof;

  Way(String label, SwitchMode mode, ReloadProof proof) {
    this.label = label;
    this.mode = mode;
    this.proof = proof;
  }

  SwitchMode mode() {
    return mode;
  }

  ReloadProof proof() {
    return proof;
  }

  @Override
  public String toString() {
    return label;
  }
}
