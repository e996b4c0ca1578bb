package io.bluegreen.testing;

import io.bluegreen.Color;
import io.bluegreen.LaunchException;
import io.bluegreen.LaunchException.Effect;
import io.bluegreen.LaunchFinding;
import io.bluegreen.LaunchState;
import io.bluegreen.Launcher;
import io.bluegreen.Release;
import io.bluegreen.Slot;
import io.bluegreen.TimeSource;
import io.bluegreen.support.ArgumentChecks;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A launcher of processes that exist only here. It keeps every promise of {@link Launcher}, apart
 * from the faults that it gets by {@link #next}. Its processes outlive {@link #close}, so that
 * several managers can share it. Safe for use by several threads.
 */
public final class FakeLauncher implements Launcher {
  private final TimeSource time;
  private final Map<String, Launched> byToken = new LinkedHashMap<>();
  private final List<Launched> history = new ArrayList<>();

  /** The token by which what was not launched here is known, empty for none, by slot. */
  private final Map<String, String> strangers = new TreeMap<>();

  private final Faults<LaunchFault> faults = new Faults<>();

  /** Creates a launcher that never hangs, for tests that need no time. */
  public FakeLauncher() {
    this(new VirtualTime());
  }

  /**
   * Creates a launcher with no process.
   *
   * @param time the time source of the manager
   */
  public FakeLauncher(TimeSource time) {
    Objects.requireNonNull(time, "time");
    this.time = time;
  }

  /** Adds faults: each happens in the next call of its kind, in this order. */
  public FakeLauncher next(LaunchFault... next) {
    ArgumentChecks.noNulls("next", next);
    faults.add(List.of(next));
    return this;
  }

  /**
   * Lets the process in a slot end by itself, now; does nothing if none runs there.
   *
   * @param lastOutput the last lines that it printed
   */
  public synchronized void exit(String service, Color color, String lastOutput) {
    Objects.requireNonNull(service, "service");
    Objects.requireNonNull(color, "color");
    Objects.requireNonNull(lastOutput, "lastOutput");
    running(service, color)
        .ifPresent(
            launched ->
                byToken.put(
                    launched.token(),
                    launched.with(LaunchState.exited("exit code 1", lastOutput))));
  }

  /**
   * Something runs in a slot already that nobody has launched here, until it is {@linkplain #adopt
   * taken over} or {@linkplain #strangerEnds ended}.
   */
  public synchronized void strangerRuns(String service, Color color) {
    strangers.putIfAbsent(key(service, color), "");
  }

  /** What runs in a slot and was not launched here ends; nothing happens if nothing does. */
  public synchronized void strangerEnds(String service, Color color) {
    String token = strangers.remove(key(service, color));
    if (token != null) {
      byToken.computeIfPresent(
          token, (known, taken) -> taken.with(LaunchState.exited("ended by itself", "")));
    }
  }

  private static String key(String service, Color color) {
    return Objects.requireNonNull(service, "service")
        + "/"
        + Objects.requireNonNull(color, "color");
  }

  /** Returns the launch that runs in a slot, if one does. */
  public synchronized Optional<Launched> running(String service, Color color) {
    Objects.requireNonNull(service, "service");
    Objects.requireNonNull(color, "color");
    return running().stream()
        .filter(l -> l.slot().service().name().equals(service) && l.slot().color() == color)
        .findFirst();
  }

  /** Returns all launches that run, in the order in which they were launched. */
  public synchronized List<Launched> running() {
    return byToken.values().stream().filter(Launched::runs).toList();
  }

  /** Returns every launch that started a process, in order, also those that have ended since. */
  public synchronized List<Launched> launches() {
    return List.copyOf(history);
  }

  @Override
  public List<LaunchFinding> check(Slot slot, Release release, Optional<String> occupant) {
    Objects.requireNonNull(slot, "slot");
    Objects.requireNonNull(release, "release");
    Objects.requireNonNull(occupant, "occupant");
    Optional<LaunchFault> fault = faults.take(LaunchFault.OF_CHECK);
    if (fault.equals(Optional.of(LaunchFault.FIND_INVALID))) {
      return List.of(LaunchFinding.invalid(slot + " can't work, as told"));
    }
    if (fault.equals(Optional.of(LaunchFault.FIND_MISSING))) {
      return List.of(LaunchFinding.missing(slot + " misses something, as told"));
    }
    if (fault.isPresent()) {
      VirtualTime.hang(time);
    }
    return inTheWay(slot, occupant).map(why -> List.of(LaunchFinding.taken(why))).orElse(List.of());
  }

  @Override
  public void launch(Slot slot, Release release, String token) {
    Objects.requireNonNull(slot, "slot");
    Objects.requireNonNull(release, "release");
    Objects.requireNonNull(token, "token");
    Optional<LaunchFault> fault = faults.take(LaunchFault.OF_LAUNCH);
    if (fault.isEmpty()) {
      start(slot, release, token, LaunchState.running("fake"));
      return;
    }
    switch (fault.get()) {
      case FAIL -> throw new LaunchException("not started, as told", Effect.UNCHANGED);
      case FAIL_AFTER_STARTING -> {
        start(slot, release, token, LaunchState.running("fake"));
        throw new LaunchException("half started, as told");
      }
      case EXIT_AT_ONCE ->
          start(slot, release, token, LaunchState.exited("exit code 1", "exited, as told"));
      case HANG -> VirtualTime.hang(time);
      case HANG_AFTER_STARTING -> {
        start(slot, release, token, LaunchState.running("fake"));
        VirtualTime.hang(time);
      }
      default -> {} // NEVER_START
    }
  }

  @Override
  public void stop(Slot slot, String token, Duration grace) {
    Objects.requireNonNull(slot, "slot");
    Objects.requireNonNull(token, "token");
    Objects.requireNonNull(grace, "grace");
    Optional<LaunchFault> fault = faults.take(LaunchFault.OF_STOP);
    if (fault.equals(Optional.of(LaunchFault.REFUSE_TO_STOP))) {
      throw new LaunchException(slot + " was not asked to end, as told", Effect.UNCHANGED);
    }
    if (fault.equals(Optional.of(LaunchFault.FAIL_TO_STOP))) {
      throw new LaunchException(slot + " still runs, as told");
    }
    if (fault.isPresent()) {
      VirtualTime.hang(time);
    }
    synchronized (this) {
      byToken.computeIfPresent(token, (t, launched) -> isIn(slot, launched) ? null : launched);
      strangers.remove(slot.toString(), token);
    }
  }

  @Override
  public LaunchState adoptable(Slot slot) {
    Objects.requireNonNull(slot, "slot");
    if (isAdoptionRefused()) {
      return LaunchState.unknown(slot + " can't be taken over, as told");
    }
    return isStranger(slot) ? LaunchState.running("a stranger") : LaunchState.absent();
  }

  @Override
  public void adopt(Slot slot, Release release, String token) {
    Objects.requireNonNull(slot, "slot");
    Objects.requireNonNull(release, "release");
    Objects.requireNonNull(token, "token");
    if (isAdoptionRefused()) {
      throw new LaunchException(slot + " is not taken over, as told", Effect.UNCHANGED);
    }
    synchronized (this) {
      if (byToken.containsKey(token)) {
        return;
      }
      String before = strangers.replace(slot.toString(), token);
      if (before == null) {
        throw new LaunchException("nothing runs on " + slot, Effect.UNCHANGED);
      }
      byToken.remove(before); // An adoption that was given up is not told.
      byToken.put(token, new Launched(slot, release, token, LaunchState.running("taken over")));
    }
  }

  private boolean isAdoptionRefused() {
    Optional<LaunchFault> fault = faults.take(LaunchFault.OF_ADOPTION);
    if (fault.equals(Optional.of(LaunchFault.HANG_ON_ADOPT))) {
      VirtualTime.hang(time);
    }
    return fault.isPresent();
  }

  private synchronized boolean isStranger(Slot slot) {
    return strangers.containsKey(slot.toString());
  }

  @Override
  public LaunchState state(Slot slot, String token) {
    Objects.requireNonNull(slot, "slot");
    Objects.requireNonNull(token, "token");
    Optional<LaunchFault> fault = faults.take(LaunchFault.OF_STATE);
    if (fault.equals(Optional.of(LaunchFault.UNKNOWN))) {
      return LaunchState.unknown("can't tell, as told");
    }
    if (fault.isPresent()) {
      VirtualTime.hang(time);
    }
    synchronized (this) {
      Launched launched = byToken.get(token);
      return launched == null || !isIn(slot, launched) ? LaunchState.absent() : launched.state();
    }
  }

  private synchronized void start(Slot slot, Release release, String token, LaunchState state) {
    if (byToken.containsKey(token)) {
      return;
    }
    inTheWay(slot, Optional.empty())
        .ifPresent(
            why -> {
              throw new LaunchException(why, Effect.UNCHANGED);
            });
    Launched launched = new Launched(slot, release, token, state);
    byToken.put(token, launched);
    history.add(launched);
  }

  /** Returns what holds a slot, unless it is what the occupant's token stands for. */
  private synchronized Optional<String> inTheWay(Slot slot, Optional<String> occupant) {
    String stranger = strangers.get(slot.toString());
    if (stranger != null && !occupant.equals(Optional.of(stranger))) {
      return Optional.of(slot + " is taken: something runs there that was not launched here");
    }
    return running(slot.service().name(), slot.color())
        .filter(other -> !occupant.equals(Optional.of(other.token())))
        .map(other -> slot + " is taken: " + other.release() + " runs there with " + other.token());
  }

  private static boolean isIn(Slot slot, Launched launched) {
    return launched.slot().toString().equals(slot.toString());
  }

  /**
   * One launch, as the test sees it. Immutable.
   *
   * @param slot the slot in which it runs
   * @param release the release that was launched
   * @param token the token of the launch
   * @param state the state that it has now
   */
  public record Launched(Slot slot, Release release, String token, LaunchState state) {
    /** Refuses null. */
    public Launched {
      Objects.requireNonNull(slot, "slot");
      Objects.requireNonNull(release, "release");
      Objects.requireNonNull(token, "token");
      Objects.requireNonNull(state, "state");
    }

    /** Returns whether its process runs. */
    public boolean runs() {
      return state.kind() == LaunchState.Kind.RUNNING;
    }

    Launched with(LaunchState became) {
      return new Launched(slot, release, token, became);
    }
  }
}
