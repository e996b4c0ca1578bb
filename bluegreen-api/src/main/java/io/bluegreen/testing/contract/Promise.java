package io.bluegreen.testing.contract;

import static org.assertj.core.api.Assertions.fail;

import java.util.function.Supplier;

/** Checks a promise, and fails with its words and with what was seen instead. */
final class Promise {
  private Promise() {}

  /**
   * Fails unless the promise is kept.
   *
   * @param seen tells what is there instead, for people; asked only if it is broken
   */
  static void kept(String promise, boolean kept, Supplier<?> seen) {
    if (!kept) {
      fail("[" + promise + "] but seen was: " + seen.get());
    }
  }
}
