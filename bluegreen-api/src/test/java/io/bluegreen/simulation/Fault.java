package io.bluegreen.simulation;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** The things that can go wrong, each at the calls where it means something. */
enum Fault {
  /** Nothing goes wrong. */
  NONE(EnumSet.noneOf(SeamCall.class)),
  // The process.
  CRASH_BEFORE(SeamCall.EFFECTS),
  CRASH_AFTER(SeamCall.EFFECTS),
  CRASH_IN_APPLY(SeamCall.APPLY),
  CRASH_AND_APPLIED_LATE(SeamCall.APPLY),
  CRASH_AND_LAUNCHED_LATE(SeamCall.LAUNCH),
  CLOSED(),
  INTERRUPTED(),
  // The router.
  APPLY_REFUSED(SeamCall.APPLY),
  APPLY_HANGS(SeamCall.APPLY),
  APPLY_PRETENDED(SeamCall.APPLY),
  APPLIED_THEN_THROWN(SeamCall.APPLY),
  APPLIED_THEN_HUNG(SeamCall.APPLY),
  APPLIED_HALF(SeamCall.APPLY),
  APPLIED_HALF_PRETENDED(SeamCall.APPLY),
  APPLIED_LATE(SeamCall.APPLY),
  UNREACHABLE(SeamCall.CURRENT),
  CURRENT_THROWS(SeamCall.CURRENT),
  CURRENT_HANGS(SeamCall.CURRENT),
  CURRENT_LIES(SeamCall.CURRENT),
  IN_FLIGHT_UNKNOWN(SeamCall.IN_FLIGHT),
  IN_FLIGHT_BUSY(SeamCall.IN_FLIGHT),
  IN_FLIGHT_THROWS(SeamCall.IN_FLIGHT),
  // The proxy, behind the engine's back.
  RELOADED(),
  RESTARTED_COLD(),
  FORMER_WORKERS_END(),
  DURABLE_CHANGED_BY_HAND(),
  SWITCHED_BY_HAND(),
  PROXY_DOWN(),
  PROXY_FORGETS(),
  // The processes.
  CHECK_FINDS(SeamCall.CHECK),
  CHECK_THROWS(SeamCall.CHECK),
  CHECK_HANGS(SeamCall.CHECK),
  LAUNCH_REFUSED(SeamCall.LAUNCH),
  LAUNCH_FAILED(SeamCall.LAUNCH),
  LAUNCHED_THEN_THROWN(SeamCall.LAUNCH),
  LAUNCH_STARTS_NOTHING(SeamCall.LAUNCH),
  LAUNCH_HANGS(SeamCall.LAUNCH),
  LAUNCHED_THEN_HUNG(SeamCall.LAUNCH),
  LAUNCHED_LATE(SeamCall.LAUNCH),
  DIES_AT_ONCE(SeamCall.LAUNCH),
  DIES_LATER(SeamCall.LAUNCH),
  NEVER_UP(SeamCall.LAUNCH),
  SLOWLY_UP(SeamCall.LAUNCH),
  STOP_REFUSED(SeamCall.STOP),
  STOP_FAILED(SeamCall.STOP),
  STOP_HANGS(SeamCall.STOP),
  STATE_UNKNOWN(SeamCall.STATE),
  STATE_HANGS(SeamCall.STATE),
  LIVE_DIES(),
  CANDIDATE_DIES(),
  PID_REUSED(),
  STRANGER_ON_PORT(),
  /** Somebody starts a slot by hand, and the launcher sees it, though it is not on record. */
  UNRECORDED_FOR_LAUNCHER(),
  /** Somebody starts a slot by hand, and only a check that asks the slot sees that. */
  UNRECORDED_FOR_CHECK(),
  // The checks.
  PROBE_DOWN(SeamCall.PROBE),
  PROBE_FLAPS(SeamCall.PROBE),
  PROBE_HANGS(SeamCall.PROBE),
  PROBE_THROWS(SeamCall.PROBE),
  PROBE_NULL(SeamCall.PROBE),
  SICK_FOR_A_MINUTE(),
  // The store.
  DISK_FULL(SeamCall.SAVE),
  DISK_FULL_FOR_GOOD(SeamCall.SAVE),
  SAVED_THEN_THROWN(SeamCall.SAVE),
  STORE_SLOW(SeamCall.SAVE, SeamCall.LOAD, SeamCall.HELD),
  LOAD_STALE(SeamCall.LOAD),
  LOAD_FAILS(SeamCall.LOAD),
  OLD_BACKUP(),
  RECORD_DELETED(),
  LOCK_DELETED(),
  NO_LEASE(SeamCall.ACQUIRE),
  SIGNALS_UNREADABLE(SeamCall.SIGNALS),
  FORGET_FAILS(SeamCall.FORGET),
  // People, and other managers.
  ABORT(),
  APPROVE(),
  PAUSE(),
  RESUME(),
  SECOND_MANAGER(),
  SUPERSEDED(),
  TAKEN_OVER(),
  // The host.
  HOOK_REFUSES(SeamCall.HOOK),
  HOOK_FAILS(SeamCall.HOOK),
  HOOK_HANGS(SeamCall.HOOK),
  UNDO_HOOK_FAILS(SeamCall.UNDO_HOOK),
  HOOK_MISSING(SeamCall.ACQUIRE),
  GATE_FAILS(SeamCall.GATE),
  GATE_FAILS_FOR_GOOD(SeamCall.GATE),
  GATE_INCONCLUSIVE(SeamCall.GATE),
  GATE_NEVER_CONCLUSIVE(SeamCall.GATE),
  GATE_NULL(SeamCall.GATE),
  GATE_HANGS(SeamCall.GATE),
  GATE_THROWS(SeamCall.GATE),
  LISTENER_THROWS(SeamCall.EVENT),
  LISTENER_HANGS(SeamCall.EVENT),
  CLOCK_FORWARD(),
  CLOCK_BACK();

  /** All but {@link #NONE}. */
  static final List<Fault> ALL = List.of(values()).subList(1, values().length);

  /** The faults in which a process runs that nobody recorded: scripts draw them separately. */
  static final Set<Fault> UNRECORDED = EnumSet.of(UNRECORDED_FOR_LAUNCHER, UNRECORDED_FOR_CHECK);

  /** The faults that any call of a manager may meet. */
  static final List<Fault> DRAWN =
      ALL.stream().filter(fault -> !UNRECORDED.contains(fault)).toList();

  /** Returns the calls that the fault can hit. */
  final Set<SeamCall> points;

  Fault(SeamCall... points) {
    this(points.length == 0 ? EnumSet.allOf(SeamCall.class) : EnumSet.copyOf(Set.of(points)));
  }

  Fault(Set<SeamCall> points) {
    this.points = points;
  }

  /** Whether it can happen at any call. */
  boolean isAnywhere() {
    return points.size() == SeamCall.values().length;
  }

  /** Returns the faults that hit one call only. */
  static List<Fault> at(SeamCall point) {
    return ALL.stream().filter(fault -> fault.points.equals(Set.of(point))).toList();
  }
}
