package io.bluegreen.examples.demo;

import io.bluegreen.TimeSource;
import java.util.Locale;
import java.util.Optional;

/** The routers that the story can be told on. */
enum RouterKind {
  /** The one inside this JVM. */
  EMBEDDED {
    @Override
    DemoProxy proxy(Optional<SwitchMode> mode, TimeSource time) {
      if (mode.isPresent()) {
        throw new IllegalArgumentException("--mode: the embedded router has only one");
      }
      return new EmbeddedProxy();
    }
  },
  /** The program nginx; live mode unless told otherwise. */
  NGINX {
    @Override
    DemoProxy proxy(Optional<SwitchMode> mode, TimeSource time) {
      return new NginxProxy(mode.orElse(SwitchMode.LIVE), time);
    }
  };

  /**
   * Returns the proxy, not started.
   *
   * @throws IllegalArgumentException if it can't switch in that way
   */
  abstract DemoProxy proxy(Optional<SwitchMode> mode, TimeSource time);

  /** Returns the name on the command line and in the report. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
