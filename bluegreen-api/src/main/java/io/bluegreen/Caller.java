package io.bluegreen;

import java.util.ArrayList;
import java.util.List;

/** Where the host called, for what was thrown on another thread on its behalf. */
final class Caller {
  private Caller() {}

  /**
   * Puts the frames of the current thread behind those of what another thread has thrown, so that a
   * log of the host shows where the host called. Type, message and causes stay.
   *
   * @return what was given
   */
  static <T extends Throwable> T seen(T thrown) {
    StackTraceElement[] here = new Throwable().getStackTrace();
    List<StackTraceElement> frames = new ArrayList<>(List.of(thrown.getStackTrace()));
    if (!frames.containsAll(
        List.of(here).subList(1, here.length))) { // Thrown here, or seen before.
      frames.addAll(List.of(here).subList(1, here.length));
      thrown.setStackTrace(frames.toArray(StackTraceElement[]::new));
    }
    return thrown;
  }
}
