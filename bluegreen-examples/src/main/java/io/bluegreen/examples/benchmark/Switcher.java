package io.bluegreen.examples.benchmark;

import io.bluegreen.Color;

/** Moves all traffic to a colour; returns when that is taken as done. */
@FunctionalInterface
interface Switcher extends AutoCloseable {
  void switchTo(Color color) throws Exception;

  /** Is called behind each switch, under the same load, and not timed. */
  default void afterwards() throws Exception {}

  @Override
  default void close() {}
}
