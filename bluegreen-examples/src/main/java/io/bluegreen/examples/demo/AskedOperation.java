package io.bluegreen.examples.demo;

import java.time.Duration;

/**
 * One operation that the story asked of the manager, and how it ended. Immutable.
 *
 * @param what was asked for
 * @param expected the outcome that the story tells
 * @param outcome the outcome that came
 * @param live what is live now
 * @param took how long it took in all
 * @param why it ended so, where that is not what was asked for; else empty
 * @param quick whether it is one of many that the table shows as one row
 */
record AskedOperation(
    String what,
    String expected,
    String outcome,
    String live,
    Duration took,
    String why,
    boolean quick) {
  /** Returns whether it ended as the story tells it. */
  boolean asTold() {
    return expected.equals(outcome);
  }
}
