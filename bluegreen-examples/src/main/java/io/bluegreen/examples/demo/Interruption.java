package io.bluegreen.examples.demo;

/** Ctrl-C, or another signal that ends the JVM: everything is taken away before it ends. */
final class Interruption {
  private final Screen screen;
  private final Cleanup cleanup;
  private volatile boolean came;

  Interruption(Screen screen, Cleanup cleanup) {
    this.screen = screen;
    this.cleanup = cleanup;
    Runtime.getRuntime().addShutdownHook(new Thread(this::come, "interruption"));
  }

  /** Returns whether it came before everything was taken away. */
  boolean came() {
    return came;
  }

  private void come() {
    if (!cleanup.complete()) {
      came = true;
      screen.say("Interrupted: taking everything away.");
      cleanup.close();
      screen.close();
    }
  }
}
