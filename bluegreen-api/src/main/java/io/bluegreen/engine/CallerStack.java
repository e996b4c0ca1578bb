package io.bluegreen.engine;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Adds the host's call to the stack of an exception that another thread threw on its behalf. */
final class CallerStack {
  private CallerStack() {}

  /**
   * Puts the frames of the current thread behind those of what another thread has thrown, so that a
   * log of the host shows where the host called. Type, message and causes stay.
   *
   * @return what was given
   */
  static <T extends Throwable> T seen(T thrown) {
    List<StackTraceElement> frames = new ArrayList<>(List.of(thrown.getStackTrace()));
    List<StackTraceElement> all = List.of(new Throwable().getStackTrace());
    List<StackTraceElement> here = all.subList(1, all.size());
    // An exception of this thread, or one that was seen before, has these frames already.
    if (!methods(frames).containsAll(methods(here.subList(1, here.size())))) {
      frames.addAll(here);
      thrown.setStackTrace(frames.toArray(StackTraceElement[]::new));
    }
    return thrown;
  }

  /**
   * Returns the methods without lines: a method that waits is at another line than when it asked.
   */
  private static Set<String> methods(List<StackTraceElement> frames) {
    return frames.stream()
        .map(frame -> frame.getClassName() + "." + frame.getMethodName())
        .collect(Collectors.toSet());
  }
}
