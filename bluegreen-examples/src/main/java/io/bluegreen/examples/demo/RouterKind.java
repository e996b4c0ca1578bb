package io.bluegreen.examples.demo;

import io.bluegreen.TimeSource;
import io.bluegreen.haproxy.RenderOptions;
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
      return new NginxProxy(of(mode, SwitchMode.LIVE, SwitchMode.RELOAD), time);
    }
  },
  /** The program HAProxy; map mode unless told otherwise. */
  HAPROXY {
    @Override
    DemoProxy proxy(Optional<SwitchMode> mode, TimeSource time) {
      return new HaproxyProxy(
          of(mode, SwitchMode.MAP, SwitchMode.SERVER), RenderOptions.defaults(), time);
    }
  };

  /**
   * Returns the proxy, not started.
   *
   * @throws IllegalArgumentException if it can't switch in that way
   */
  abstract DemoProxy proxy(Optional<SwitchMode> mode, TimeSource time);

  private static SwitchMode of(Optional<SwitchMode> mode, SwitchMode usual, SwitchMode other) {
    SwitchMode asked = mode.orElse(usual);
    if (asked != usual && asked != other) {
      throw new IllegalArgumentException(
          "--mode: this router has " + usual + " and " + other + ", not " + asked);
    }
    return asked;
  }

  /** Returns the name on the command line and in the report. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
