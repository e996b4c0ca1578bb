package io.bluegreen.testing;

import java.util.EnumSet;
import java.util.Set;

/** The faults that an {@link InMemoryStateStore} can have in its next call. */
public enum StoreFault {
  /** {@code save} fails; the former document stays. */
  FAIL,
  /** {@code save} fails, but the new document is there. */
  FAIL_AFTER_SAVING,
  /** {@code save} hangs; the former document stays. */
  HANG,
  /** {@code save} hangs, but the new document is there. */
  HANG_AFTER_SAVING,
  /** {@code save} finds the lease lost. */
  LOSE_LEASE,
  /** {@code load} fails. */
  UNREADABLE,
  /** {@code load} hangs. */
  HANG_ON_LOAD,
  /** {@code acquire} fails. */
  FAIL_TO_ACQUIRE,
  /** {@code post} fails. */
  FAIL_TO_POST,
  /** {@code signals} fails. */
  FAIL_TO_READ_SIGNALS;

  static final Set<StoreFault> OF_SAVE = EnumSet.range(FAIL, LOSE_LEASE);
  static final Set<StoreFault> OF_LOAD = EnumSet.of(UNREADABLE, HANG_ON_LOAD);
}
