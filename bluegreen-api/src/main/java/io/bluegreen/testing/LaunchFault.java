package io.bluegreen.testing;

import java.util.EnumSet;
import java.util.Set;

/** The faults that a {@link FakeLauncher} can have in its next call. */
public enum LaunchFault {
  /** {@code launch} is refused; nothing was started. */
  FAIL,
  /** {@code launch} fails, and what it has started runs. */
  FAIL_AFTER_STARTING,
  /** {@code launch} returns, but nothing was started. */
  NEVER_START,
  /** {@code launch} returns, and the process has ended by itself. */
  EXIT_AT_ONCE,
  /** {@code launch} hangs before it starts anything. */
  HANG,
  /** {@code launch} hangs after it has started everything. */
  HANG_AFTER_STARTING,
  /** {@code stop} is refused; the process was not told to end. */
  REFUSE_TO_STOP,
  /** {@code stop} fails; the process still runs. */
  FAIL_TO_STOP,
  /** {@code stop} hangs; the process still runs. */
  HANG_ON_STOP,
  /** {@code check} finds something that can't work. */
  FIND_INVALID,
  /** {@code check} finds that something is not there. */
  FIND_MISSING,
  /** {@code check} hangs. */
  HANG_ON_CHECK,
  /** {@code adoptable} says UNKNOWN, or {@code adopt} is refused. */
  REFUSE_TO_ADOPT,
  /** {@code adoptable} or {@code adopt} hangs; nothing was taken over. */
  HANG_ON_ADOPT,
  /** {@code state} can't tell. */
  UNKNOWN,
  /** {@code state} hangs. */
  HANG_ON_STATE;

  static final Set<LaunchFault> OF_LAUNCH = EnumSet.range(FAIL, HANG_AFTER_STARTING);
  static final Set<LaunchFault> OF_STOP = EnumSet.range(REFUSE_TO_STOP, HANG_ON_STOP);
  static final Set<LaunchFault> OF_CHECK = EnumSet.range(FIND_INVALID, HANG_ON_CHECK);
  static final Set<LaunchFault> OF_ADOPTION = EnumSet.of(REFUSE_TO_ADOPT, HANG_ON_ADOPT);
  static final Set<LaunchFault> OF_STATE = EnumSet.of(UNKNOWN, HANG_ON_STATE);
}
