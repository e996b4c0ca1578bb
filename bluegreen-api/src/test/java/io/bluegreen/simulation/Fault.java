package io.bluegreen.simulation;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** What can go wrong, each at the calls where it means something. */
enum Fault {
  /** Nothing goes wrong. */
  NONE(EnumSet.noneOf(Point.class)),
  // The process.
  CRASH_BEFORE(Point.EFFECTS),
  CRASH_AFTER(Point.EFFECTS),
  CRASH_IN_APPLY(Point.APPLY),
  CRASH_AND_APPLIED_LATE(Point.APPLY),
  CRASH_AND_LAUNCHED_LATE(Point.LAUNCH),
  CLOSED(),
  INTERRUPTED(),
  // The router.
  APPLY_REFUSED(Point.APPLY),
  APPLY_HANGS(Point.APPLY),
  APPLY_PRETENDED(Point.APPLY),
  APPLIED_THEN_THROWN(Point.APPLY),
  APPLIED_THEN_HUNG(Point.APPLY),
  APPLIED_HALF(Point.APPLY),
  APPLIED_HALF_PRETENDED(Point.APPLY),
  APPLIED_LATE(Point.APPLY),
  UNREACHABLE(Point.CURRENT),
  CURRENT_THROWS(Point.CURRENT),
  CURRENT_HANGS(Point.CURRENT),
  CURRENT_LIES(Point.CURRENT),
  IN_FLIGHT_UNKNOWN(Point.IN_FLIGHT),
  IN_FLIGHT_BUSY(Point.IN_FLIGHT),
  IN_FLIGHT_THROWS(Point.IN_FLIGHT),
  // The proxy, behind the engine's back.
  RELOADED(),
  RESTARTED_COLD(),
  FORMER_WORKERS_END(),
  DURABLE_CHANGED_BY_HAND(),
  SWITCHED_BY_HAND(),
  PROXY_DOWN(),
  PROXY_FORGETS(),
  // The processes.
  CHECK_FINDS(Point.CHECK),
  CHECK_THROWS(Point.CHECK),
  CHECK_HANGS(Point.CHECK),
  LAUNCH_REFUSED(Point.LAUNCH),
  LAUNCH_FAILED(Point.LAUNCH),
  LAUNCHED_THEN_THROWN(Point.LAUNCH),
  LAUNCH_STARTS_NOTHING(Point.LAUNCH),
  LAUNCH_HANGS(Point.LAUNCH),
  LAUNCHED_THEN_HUNG(Point.LAUNCH),
  LAUNCHED_LATE(Point.LAUNCH),
  DIES_AT_ONCE(Point.LAUNCH),
  DIES_LATER(Point.LAUNCH),
  NEVER_UP(Point.LAUNCH),
  SLOWLY_UP(Point.LAUNCH),
  STOP_REFUSED(Point.STOP),
  STOP_FAILED(Point.STOP),
  STOP_HANGS(Point.STOP),
  STATE_UNKNOWN(Point.STATE),
  STATE_HANGS(Point.STATE),
  LIVE_DIES(),
  CANDIDATE_DIES(),
  PID_REUSED(),
  STRANGER_ON_PORT(),
  /** Somebody starts a slot by hand, and the launcher sees it, though it is not on record. */
  UNRECORDED_FOR_LAUNCHER(),
  /** Somebody starts a slot by hand, and only who asks it sees that. */
  UNRECORDED_FOR_CHECK(),
  // The checks.
  PROBE_DOWN(Point.PROBE),
  PROBE_FLAPS(Point.PROBE),
  PROBE_HANGS(Point.PROBE),
  PROBE_THROWS(Point.PROBE),
  PROBE_NULL(Point.PROBE),
  SICK_FOR_A_MINUTE(),
  // The store.
  DISK_FULL(Point.SAVE),
  DISK_FULL_FOR_GOOD(Point.SAVE),
  SAVED_THEN_THROWN(Point.SAVE),
  STORE_SLOW(Point.SAVE, Point.LOAD, Point.HELD),
  LOAD_STALE(Point.LOAD),
  LOAD_FAILS(Point.LOAD),
  OLD_BACKUP(),
  RECORD_DELETED(),
  LOCK_DELETED(),
  NO_LEASE(Point.ACQUIRE),
  SIGNALS_UNREADABLE(Point.SIGNALS),
  FORGET_FAILS(Point.FORGET),
  // People, and other managers.
  ABORT(),
  APPROVE(),
  PAUSE(),
  RESUME(),
  SECOND_MANAGER(),
  SUPERSEDED(),
  TAKEN_OVER(),
  // The host.
  HOOK_REFUSES(Point.HOOK),
  HOOK_FAILS(Point.HOOK),
  HOOK_HANGS(Point.HOOK),
  UNDO_HOOK_FAILS(Point.UNDO_HOOK),
  HOOK_MISSING(Point.ACQUIRE),
  GATE_FAILS(Point.GATE),
  GATE_FAILS_FOR_GOOD(Point.GATE),
  GATE_INCONCLUSIVE(Point.GATE),
  GATE_NEVER_CONCLUSIVE(Point.GATE),
  GATE_NULL(Point.GATE),
  GATE_HANGS(Point.GATE),
  GATE_THROWS(Point.GATE),
  LISTENER_THROWS(Point.EVENT),
  LISTENER_HANGS(Point.EVENT),
  CLOCK_FORWARD(),
  CLOCK_BACK();

  /** All but {@link #NONE}. */
  static final List<Fault> ALL = List.of(values()).subList(1, values().length);

  /** Those in which a process runs that nobody recorded: they are drawn by themselves. */
  static final Set<Fault> UNRECORDED = EnumSet.of(UNRECORDED_FOR_LAUNCHER, UNRECORDED_FOR_CHECK);

  /** Those that any act may meet. */
  static final List<Fault> DRAWN =
      ALL.stream().filter(fault -> !UNRECORDED.contains(fault)).toList();

  /** The calls that it can hit. */
  final Set<Point> points;

  Fault(Point... points) {
    this(points.length == 0 ? EnumSet.allOf(Point.class) : EnumSet.copyOf(Set.of(points)));
  }

  Fault(Set<Point> points) {
    this.points = points;
  }

  /** Whether it can happen at any call. */
  boolean isAnywhere() {
    return points.size() == Point.values().length;
  }

  /** Returns the faults that are those of one call only. */
  static List<Fault> at(Point point) {
    return ALL.stream().filter(fault -> fault.points.equals(Set.of(point))).toList();
  }
}
