package io.bluegreen.simulation;

import io.bluegreen.Switch;
import io.bluegreen.testing.Incarnation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** One process with a manager in it: every call of its seams goes through here, until it dies. */
final class HostLife {
  final World world;
  final int number;

  /** The answers of its checks, by instance, the latest last. */
  final Map<String, List<Probe>> probes = new HashMap<>();

  /**
   * Calls that this process has made without a look since somebody else changed what the router
   * serves.
   */
  private final Set<SeamCall> sinceForeign = EnumSet.noneOf(SeamCall.class);

  private boolean outdated;
  private boolean lied;
  private boolean liedTo;
  private boolean dead;
  private final List<PlannedFault> planned = new ArrayList<>();
  private int calls;
  private int total;
  private int leaseGoneAt = Integer.MAX_VALUE;

  private boolean saveFailed;
  private boolean goingBack;

  /** How gates judge from now on. */
  Fault gate = Fault.NONE;

  /** The switch that it has asked for last, and how often somebody else had changed things then. */
  Optional<Switch> asked = Optional.empty();

  int askedAt;

  /** The deployments in which it has stopped a slot that still answered, after the drain's time. */
  final Set<String> cut = new HashSet<>();

  /** The recovery that it has started in this act, if a deployment was left open. */
  Optional<RecoveryCell> cell = Optional.empty();

  /** The calls that it has made; the enumeration asks for them. */
  final List<SeamCall> points = new ArrayList<>();

  /** Launches, by token, and hooks, by deployment, that have refused to act when it asked. */
  final Set<String> refusals = new HashSet<>();

  /** The processes started by hand that ran when it saved last. */
  List<WorldProcesses.Unrecorded> atLastSave = List.of();

  /** Those of them that it had the time to see before the launch that it intends now. */
  List<WorldProcesses.Unrecorded> overlooked = List.of();

  /** Closes its manager, as if on another thread. */
  Runnable close = () -> {};

  boolean closed;

  /** Whether the record was replaced by somebody else, and read since, while this process acted. */
  boolean replaced;

  boolean readReplaced;

  /** Whether it has saved since it took the lease. */
  boolean saved;

  Duration lastSaveBegan = Duration.ZERO;

  /** How long the store and the listeners took, though they should take no time. */
  Duration stalled = Duration.ZERO;

  /**
   * One answer of a check: when the probe began, how long the store and the listeners had taken by
   * then, and what answered.
   */
  record Probe(Duration began, Duration stalled, String by) {}

  /** Whether something listened when it was last asked, and a check said that it is up. */
  final Map<String, Boolean> listened = new HashMap<>();

  final Map<String, Boolean> answered = new HashMap<>();

  HostLife(World world, int number) {
    this.world = world;
    this.number = number;
  }

  void begin(List<PlannedFault> faults) {
    planned.clear();
    planned.addAll(faults);
    calls = 0;
    saveFailed = false;
    goingBack = false;
    replaced = false;
    readReplaced = false;
    saved = false;
    leaseGoneAt = Integer.MAX_VALUE;
    probes.clear();
    listened.clear();
    answered.clear();
    gate = Fault.NONE;
    cell = Optional.empty();
    asked = Optional.empty();
    points.clear();
    atLastSave = List.of();
    overlooked = List.of();
    liedTo = false;
    cut.clear(); // An earlier operation has told by its result or events what it cut.
  }

  int calls() {
    return calls;
  }

  boolean dead() {
    return dead;
  }

  void outdated() {
    outdated = true;
    sinceForeign.clear();
  }

  void recordReplaced() {
    if (saved) {
      replaced = true;
      readReplaced = false;
    }
  }

  /** Whether somebody else replaced the record, and this process can't know yet. */
  boolean recordGone() {
    return replaced && !readReplaced;
  }

  /** Whether it lost the lease between its last question and this very call. */
  boolean overtaken() {
    return leaseLost() && !fenced();
  }

  void looked(boolean honestly) {
    lied = !honestly;
    liedTo |= lied;
    if (honestly) {
      outdated = false;
    }
  }

  /**
   * Whether it can't know what the router serves at this moment: the router lied, or was changed
   * after the last look, and since then this process has only written its journal.
   */
  boolean blind() {
    return lied || (outdated && SeamCall.JOURNALING.containsAll(sinceForeign));
  }

  /** Whether it may repeat a wrong answer of the router. */
  boolean misled() {
    return liedTo || blind();
  }

  void saveFailed() {
    saveFailed = true;
  }

  void goesBack() {
    goingBack = true;
  }

  /** Whether it may act without a record: it goes back, and the record could not be written. */
  boolean needsNoRecord() {
    return saveFailed && goingBack;
  }

  void leaseGone() {
    leaseGoneAt = Math.min(leaseGoneAt, total);
  }

  void leaseTaken() {
    saved = false;
    replaced = false;
    leaseGoneAt = Integer.MAX_VALUE;
  }

  /** Whether it lost the lease and has learned that from a call since. */
  boolean fenced() {
    return total - 1 > leaseGoneAt;
  }

  boolean leaseLost() {
    return leaseGoneAt < Integer.MAX_VALUE;
  }

  /** Calls a seam that can't hang by itself. */
  <T> T call(SeamCall point, String what, Function<Fault, T> work) {
    if (dead) {
      throw death();
    }
    calls++;
    total++;
    points.add(point);
    Fault local = Fault.NONE;
    for (PlannedFault due : due(point)) {
      world.faults.strike(due, this);
      if (due.fault().points.size() < SeamCall.values().length) {
        local = due.fault();
      }
    }
    if (local == Fault.CRASH_BEFORE) {
      throw die("before " + what);
    }
    Fault fault = local;
    try {
      T answer = work.apply(fault);
      world.note(() -> this + " " + point + " " + what + " -> " + shown(answer));
      if (fault == Fault.CRASH_AFTER) {
        throw die("after " + what);
      }
      return answer;
    } catch (RuntimeException e) {
      world.note(() -> this + " " + point + " " + what + " failed: " + e.getMessage());
      throw e;
    } finally {
      sinceForeign.add(point);
      world.proxy.noteReach(world.time.elapsed());
    }
  }

  /** Returns a text without the parts that differ from run to run. */
  private static String shown(Object answer) {
    return String.valueOf(answer).replaceAll("[\\w.$]*@[0-9a-f]+", "...");
  }

  private List<PlannedFault> due(SeamCall point) {
    if (planned.isEmpty()) {
      return List.of();
    }
    List<PlannedFault> due = new ArrayList<>();
    for (Iterator<PlannedFault> all = planned.iterator(); all.hasNext(); ) {
      PlannedFault next = all.next();
      if (next.at() <= calls && next.fault().points.contains(point)) {
        all.remove();
        due.add(next);
      }
    }
    return due;
  }

  /** Hangs until the caller gives up; nobody may wait for ever. */
  void hang(String what) {
    try {
      world.time.hang();
    } catch (IllegalStateException e) {
      world.broken(9, "a wait without a deadline", what);
      throw e;
    }
  }

  Error die(String where) {
    world.note(() -> this + " DIES " + where);
    dead = true;
    if (world.disk.holder != null && world.disk.holder.life() == this) {
      world.disk.holder = null;
    }
    return death();
  }

  /**
   * Returns the death of a process. Virtual time lets only the crash of the public fakes through,
   * so it is made by one of them.
   */
  static Error death() {
    Incarnation gone = new Incarnation();
    gone.die();
    gone.effect("nothing", () -> {});
    throw new AssertionError("an incarnation that has died does something");
  }

  Optional<String> lastProbe(String instance) {
    List<Probe> all = probes.getOrDefault(instance, List.of());
    return all.isEmpty() ? Optional.empty() : Optional.of(all.get(all.size() - 1).by());
  }

  @Override
  public String toString() {
    return "L" + number;
  }
}
