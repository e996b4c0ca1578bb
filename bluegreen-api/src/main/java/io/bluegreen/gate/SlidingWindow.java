package io.bluegreen.gate;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * The looks of the recent past; there are never more than a few, no matter how often somebody
 * looks. Not safe for threads.
 */
final class SlidingWindow {
  /** So many looks share a window; looks that come in between are not kept. */
  private static final int LOOKS = 60;

  private final Duration length;
  private final Deque<MeterSnapshot> looks = new ArrayDeque<>();

  SlidingWindow(Duration length) {
    this.length = length;
  }

  /**
   * Takes a look and returns the one at which its window begins.
   *
   * @throws NoVerdict if it is the first, or counters ran backwards, so that it is the first again
   */
  MeterSnapshot begin(MeterSnapshot now) throws NoVerdict {
    MeterSnapshot last = looks.peekLast();
    if (last == null) {
      looks.add(now);
      throw new NoVerdict("counting begins with this look");
    }
    if (!now.continues(last)) {
      looks.clear();
      looks.add(now);
      throw new NoVerdict("the meter's counters ran backwards: counting begins again");
    }
    while (looks.size() > 1 && !second().at().isAfter(now.at().minus(length))) {
      looks.removeFirst();
    }
    if (!now.at().isBefore(last.at().plus(length.dividedBy(LOOKS)))) {
      looks.add(now);
    }
    return looks.getFirst();
  }

  private MeterSnapshot second() {
    return looks.stream().skip(1).findFirst().orElseThrow();
  }
}
