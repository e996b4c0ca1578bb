package io.bluegreen.examples.demo;

import java.util.Locale;

/** The routers that the story can be told on. */
enum RouterKind {
  /** The one inside this JVM. */
  EMBEDDED {
    @Override
    DemoProxy proxy() {
      return new EmbeddedProxy();
    }
  };

  abstract DemoProxy proxy();

  /** Returns the name on the command line and in the report. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
