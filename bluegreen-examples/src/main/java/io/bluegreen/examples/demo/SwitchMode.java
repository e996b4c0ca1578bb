package io.bluegreen.examples.demo;

import java.util.Locale;

/** How a proxy is made to switch, where there is a choice. */
public enum SwitchMode {
  /** The proxy goes on as it is. */
  LIVE,
  /** The proxy reads a changed configuration. */
  RELOAD,
  /** HAProxy looks up in a map to which backend a request goes. */
  MAP,
  /** HAProxy has both colours in one backend, and weights for its servers. */
  SERVER;

  /** Returns the name on the command line. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
