package io.bluegreen.testing;

import java.util.EnumSet;
import java.util.Set;

/** The faults that a {@link FakeRouter} can have in its next call. */
public enum RouterFault {
  /** {@code apply} fails, has changed nothing, and says so. */
  FAIL_UNCHANGED,
  /** {@code apply} fails, has moved everything, and says so. */
  FAIL_AFTER_APPLYING,
  /** {@code apply} fails with running truth moved and durable truth not; it says UNKNOWN. */
  FAIL_HALF_WAY,
  /** {@code apply} returns, but nothing was moved. */
  PRETEND,
  /** {@code apply} hangs before it moves anything. */
  HANG,
  /** {@code apply} hangs after it has moved everything. */
  HANG_AFTER_APPLYING,
  /** {@code apply} hangs, and its switch is made one second after its limit. */
  APPLY_LATE,
  /** The process dies in {@code apply}, with running truth moved and durable truth not. */
  CRASH_HALF_WAY,
  /** {@code current} answers that the proxy can't be asked. */
  UNREACHABLE,
  /** {@code current} answers with both colours exchanged. */
  LIE,
  /** {@code current} hangs. */
  HANG_ON_CURRENT,
  /** {@code current} throws, which a router never should. */
  THROW_ON_CURRENT;

  static final Set<RouterFault> OF_APPLY = EnumSet.range(FAIL_UNCHANGED, CRASH_HALF_WAY);
  static final Set<RouterFault> OF_CURRENT = EnumSet.range(UNREACHABLE, THROW_ON_CURRENT);
}
