package io.bluegreen.examples.demo;

import java.util.Locale;

/** How a proxy is made to switch, where there is a choice. */
public enum SwitchMode {
  /** The proxy goes on as it is. */
  LIVE,
  /** The proxy reads a changed configuration. */
  RELOAD;

  /** Returns the name on the command line. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
