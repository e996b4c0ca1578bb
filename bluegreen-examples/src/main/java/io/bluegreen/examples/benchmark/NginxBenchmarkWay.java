package io.bluegreen.examples.benchmark;

import io.bluegreen.Group;
import io.bluegreen.TimeSource;
import io.bluegreen.examples.demo.Cleanup;
import io.bluegreen.examples.demo.NginxProxy;
import io.bluegreen.examples.demo.SwitchMode;
import io.bluegreen.nginx.NginxRouter;
import io.bluegreen.nginx.ReloadProof;
import java.io.IOException;
import java.nio.file.Path;

/** A way to switch nginx. */
enum NginxBenchmarkWay implements SwitchContender {
  LIVE("live mode", SwitchMode.LIVE, ReloadProof.AUTOMATIC),
  PROCESSES("reload, processes", SwitchMode.RELOAD, ReloadProof.PROCESSES),
  ASSISTED_QUIT("reload, assisted quit", SwitchMode.RELOAD, ReloadProof.ASSISTED_QUIT),
  SENTINELS("reload, sentinels", SwitchMode.RELOAD, ReloadProof.SENTINELS),
  QUIET_WINDOW("reload, quiet window", SwitchMode.RELOAD, ReloadProof.QUIET_WINDOW),
  /** Switches as deploy scripts do: sed, nginx -t, nginx -s reload; it proves nothing. */
  SHELL("shell: sed, -t, reload", SwitchMode.RELOAD, ReloadProof.AUTOMATIC);

  private final String label;
  private final SwitchMode mode;
  private final ReloadProof proof;

  NginxBenchmarkWay(String label, SwitchMode mode, ReloadProof proof) {
    this.label = label;
    this.mode = mode;
    this.proof = proof;
  }

  @Override
  public Switcher begin(Group group, Path directory, Cleanup begun, TimeSource time)
      throws IOException, InterruptedException {
    NginxProxy nginx = begun.add(new NginxProxy(mode, time));
    NginxRouter router = nginx.start(group, directory);
    return this == SHELL
        ? new ShellSwitcher(nginx.generatedFile(), nginx.command())
        : new RouterSwitcher(router.proof(proof), group);
  }

  @Override
  public String toString() {
    return label;
  }
}
