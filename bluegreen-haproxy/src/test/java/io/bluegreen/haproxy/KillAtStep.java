package io.bluegreen.haproxy;

import java.util.function.Consumer;

/** Kills HAProxy at one step of a switch, once, and starts it again as its supervisor would. */
final class KillAtStep implements Consumer<String> {
  private final RealHaproxy haproxy;
  private final String step;
  private final boolean master;
  private boolean happened;

  KillAtStep(RealHaproxy haproxy, String step, boolean master) {
    this.haproxy = haproxy;
    this.step = step;
    this.master = master;
  }

  @Override
  public void accept(String at) {
    if (happened || !at.equals(step)) {
      return;
    }
    happened = true;
    if (master) {
      haproxy.kill9Master();
    } else {
      haproxy.kill9Worker();
    }
    haproxy.start();
  }

  boolean happened() {
    return happened;
  }
}
