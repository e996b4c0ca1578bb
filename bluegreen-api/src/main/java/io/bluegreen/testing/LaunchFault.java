package io.bluegreen.testing;

import java.util.EnumSet;
import java.util.Set;

/** What can go wrong with the next call of a {@link FakeLauncher}. */
public enum LaunchFault {
  /** {@code launch} fails; nothing runs. */
  FAIL,
  /** {@code launch} returns, but nothing was started. */
  NEVER_START,
  /** {@code launch} returns, and the process has ended by itself. */
  EXIT_AT_ONCE,
  /** {@code launch} hangs before it starts anything. */
  HANG,
  /** {@code launch} hangs after it has started everything. */
  HANG_AFTER_STARTING,
  /** {@code stop} fails; the process still runs. */
  FAIL_TO_STOP,
  /** {@code stop} hangs; the process still runs. */
  HANG_ON_STOP,
  /** {@code state} can't tell. */
  UNKNOWN,
  /** {@code state} hangs. */
  HANG_ON_STATE;

  static final Set<LaunchFault> OF_LAUNCH = EnumSet.range(FAIL, HANG_AFTER_STARTING);
  static final Set<LaunchFault> OF_STOP = EnumSet.of(FAIL_TO_STOP, HANG_ON_STOP);
  static final Set<LaunchFault> OF_STATE = EnumSet.of(UNKNOWN, HANG_ON_STATE);
}
