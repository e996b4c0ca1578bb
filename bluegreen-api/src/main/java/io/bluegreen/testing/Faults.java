package io.bluegreen.testing;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Keeps the faults of a fake in order until their call comes. */
final class Faults<F> {
  private final Deque<F> next = new ArrayDeque<>();

  synchronized void add(List<F> faults) {
    next.addAll(faults);
  }

  /** Returns the first waiting fault that can hit this call, and removes it. */
  synchronized Optional<F> take(Set<F> ofThisCall) {
    for (Iterator<F> waiting = next.iterator(); waiting.hasNext(); ) {
      F fault = waiting.next();
      if (ofThisCall.contains(fault)) {
        waiting.remove();
        return Optional.of(fault);
      }
    }
    return Optional.empty();
  }
}
