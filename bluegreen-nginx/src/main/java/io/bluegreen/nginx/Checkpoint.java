package io.bluegreen.nginx;

/**
 * Is called at each point between writing and proving, so that a test can end the program there.
 */
@FunctionalInterface
interface Checkpoint {
  void at(String point);
}
