package io.bluegreen.nginx;

/**
 * Told of each point between writing and proving, so that a test can end the program exactly there.
 */
@FunctionalInterface
interface Checkpoint {
  void at(String point);
}
