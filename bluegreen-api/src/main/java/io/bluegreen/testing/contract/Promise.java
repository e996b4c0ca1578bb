package io.bluegreen.testing.contract;

import static org.assertj.core.api.Assertions.fail;

import java.util.function.Supplier;

/** Fails with the promise that was broken and with what was seen instead. */
final class Promise {
  private Promise() {}

  /**
   * Fails unless it is kept.
   *
   * @param seen what there is instead, for a person; asked only if it is broken
   */
  static void kept(String promise, boolean kept, Supplier<?> seen) {
    if (!kept) {
      fail("[" + promise + "] but seen was: " + seen.get());
    }
  }
}
