package io.bluegreen.launch;

import io.bluegreen.Deadline;
import io.bluegreen.LaunchException;
import io.bluegreen.LaunchException.Effect;
import io.bluegreen.LaunchFinding;
import io.bluegreen.LaunchState;
import io.bluegreen.Release;
import io.bluegreen.Slot;
import io.bluegreen.TimeSource;
import io.bluegreen.support.Command;
import io.bluegreen.support.Failures;
import io.bluegreen.support.Text;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** One launch of one slot by commands: runs them, and judges how they end. */
final class CommandLaunch {
  private static final Duration POLL = Duration.ofMillis(250);
  private static final int NOT_RUNNING = 3;
  private static final int LONGEST_OUTPUT = 600;

  private final SlotCommands commands;
  private final TimeSource time;
  private final Slot slot;
  private final LaunchId id;

  CommandLaunch(SlotCommands commands, TimeSource time, Slot slot, LaunchId id) {
    this.commands = commands;
    this.time = time;
    this.slot = slot;
    this.id = id;
  }

  /**
   * Returns what speaks against a launch.
   *
   * @param recorded whether this launch is on record, so that what runs may be its own
   */
  List<LaunchFinding> findings(Release release, boolean recorded) {
    List<LaunchFinding> findings = commands.check(slot, release, id);
    if (!findings.isEmpty()) {
      return findings;
    }
    LaunchState found = state();
    if (found.kind() == LaunchState.Kind.UNKNOWN) {
      return List.of(
          LaunchFinding.taken(slot + ": it can't be told what runs there: " + found.detail()));
    }
    boolean free = recorded || commands.knowTokens() || found.kind() == LaunchState.Kind.ABSENT;
    return free ? List.of() : List.of(LaunchFinding.taken(occupied(found)));
  }

  /**
   * Starts all of the slot, unless this launch runs already; stops what was started if one command
   * fails.
   *
   * @return whether it was started by this call
   */
  boolean begin(Release release) {
    LaunchState before = state();
    if (before.kind() == LaunchState.Kind.UNKNOWN) {
      throw new LaunchException(
          slot + ": not launched, because it can't be told what runs there: " + before,
          Effect.UNCHANGED);
    }
    if (before.kind() != LaunchState.Kind.ABSENT && !commands.knowTokens()) {
      throw new LaunchException(occupied(before), Effect.UNCHANGED);
    }
    if (before.kind() == LaunchState.Kind.RUNNING) {
      return false;
    }
    if (before.kind() == LaunchState.Kind.EXITED) {
      stop(commands.limits().stop()); // What an interrupted launch with this token left.
    }
    start(release);
    return true;
  }

  /** Stops all of the slot, until the status command says so. */
  void stop(Duration grace) {
    try {
      end(grace);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new LaunchException(slot + ": interrupted while it was stopped; it may still run", e);
    }
  }

  /**
   * Returns RUNNING if all of the slot runs, ABSENT if nothing does, EXITED between, or UNKNOWN.
   */
  LaunchState state() {
    try {
      return status();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return LaunchState.unknown("interrupted while it was looked at");
    }
  }

  /** Says what of the slot could be taken over, as {@link io.bluegreen.Launcher#adoptable} does. */
  LaunchState adoptable() {
    LaunchState found = state();
    if (found.kind() == LaunchState.Kind.RUNNING) {
      return unstoppable().map(LaunchState::unknown).orElse(found);
    }
    if (found.kind() == LaunchState.Kind.EXITED) {
      return LaunchState.unknown(
          slot
              + " runs in part, "
              + found.detail()
              + "; start what is missing with your own commands, or end what runs");
    }
    return found.kind() == LaunchState.Kind.ABSENT && commands.statusKnowsTokens()
        ? LaunchState.unknown(
            "the status command tells launches apart by {token}, and does not say that "
                + slot
                + " runs; what was started without a token has to be known to it: name a unit or"
                + " container by {color}, or let the status and stop commands fall back on it")
        : found;
  }

  /** Refuses, with nothing changed, unless it could be taken over. */
  void adopt() {
    LaunchState state = adoptable();
    if (state.kind() != LaunchState.Kind.RUNNING) {
      throw new LaunchException(
          slot + " is not taken over: " + state.detail() + ". Nothing was changed.",
          Effect.UNCHANGED);
    }
  }

  /** Says why the stop command could not end what runs, as far as that can be told. */
  private Optional<String> unstoppable() {
    if (commands.onlyStopKnowsTokens()) {
      return Optional.of(
          "the stop command needs the {token} of a launch, which "
              + slot
              + " was started without; name a unit or container by {color} there, or have {token}"
              + " in the status command, too");
    }
    try {
      commands.stops(slot, id);
      return Optional.empty();
    } catch (LaunchException e) {
      return Optional.of(slot + " could not be stopped: " + e.getMessage());
    }
  }

  private String occupied(LaunchState found) {
    return slot + ": something runs there already (" + found + "); " + LaunchContext.waysOut(slot);
  }

  private void start(Release release) {
    boolean begun = false;
    try {
      for (Command command : commands.starts(slot, release, id)) {
        Command.Result result = run(command, commands.limits().start(), begun);
        begun = true;
        if (!result.ok()) {
          throw new LaunchException("start command: " + shown(result));
        }
      }
    } catch (LaunchException e) {
      throw e.effect() == Effect.UNCHANGED ? e : undone(e);
    } catch (InterruptedException | RuntimeException e) {
      throw undone(e);
    }
  }

  private LaunchException undone(Exception reason) {
    // The flag would end the stop command at once.
    boolean interrupted = Thread.interrupted() || reason instanceof InterruptedException;
    String left = "; nothing is left running";
    try {
      end(commands.limits().stop());
    } catch (InterruptedException | RuntimeException e) {
      interrupted |= e instanceof InterruptedException;
      reason.addSuppressed(e);
      left = "; and then: " + Failures.reason(e);
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    return new LaunchException(
        slot
            + ": could not be launched: "
            + (reason instanceof InterruptedException ? "interrupted" : Failures.reason(reason))
            + left,
        reason);
  }

  /**
   * Runs the stop command for all of the slot, whatever comes of one; the status command decides.
   */
  private void end(Duration grace) throws InterruptedException {
    Set<String> endings = new LinkedHashSet<>();
    for (Command command : commands.stops(slot, id)) {
      Duration limit = commands.limits().stop().plus(grace);
      endings.add(shown(run(command, limit, !endings.isEmpty())));
    }
    Deadline deadline = time.deadline(grace);
    LaunchState state = status();
    while (state.kind() != LaunchState.Kind.ABSENT && !deadline.over()) {
      time.sleep(POLL);
      state = status();
    }
    if (state.kind() != LaunchState.Kind.ABSENT) {
      throw new LaunchException(
          slot
              + ": is not known to have stopped: "
              + state
              + "; stop command: "
              + String.join(", ", endings));
    }
  }

  private LaunchState status() throws InterruptedException {
    List<String> down = new ArrayList<>();
    List<String> running = new ArrayList<>();
    String output = "";
    List<Command> all;
    try {
      all = commands.statuses(slot, id);
      for (Command command : all) {
        Command.Result result = run(command, commands.limits().status(), false);
        if (!result.timedOut() && result.exit() == NOT_RUNNING) {
          down.add(named(running.size() + down.size()));
          output = result.output();
        } else if (!result.ok()) {
          return LaunchState.unknown(
              "status command: "
                  + shown(result)
                  + "; it is to end with 0 if it runs and with 3 if it does not");
        } else {
          running.add(named(running.size() + down.size()));
        }
      }
    } catch (LaunchException e) {
      return LaunchState.unknown(String.valueOf(e.getMessage()));
    }
    String detail = "status command: " + down.size() + " of " + all.size() + " not running";
    if (down.isEmpty()) {
      return LaunchState.running("status command: running");
    }
    return running.isEmpty()
        ? new LaunchState(LaunchState.Kind.ABSENT, detail, output)
        : LaunchState.exited(detail + " (" + String.join(", ", down) + ")", output);
  }

  private String named(int place) {
    return commands.runForEachInstance() ? slot.instances().get(place).toString() : slot.toString();
  }

  /** Runs one command; a failure says whether another was run before. */
  private Command.Result run(Command command, Duration limit, boolean begun)
      throws InterruptedException {
    try {
      return command.run(limit);
    } catch (IOException e) {
      throw new LaunchException(
          slot + ": " + e.getMessage(), begun ? Effect.UNKNOWN : Effect.UNCHANGED, e);
    }
  }

  private static String shown(Command.Result result) {
    return Text.clean(result.toString(), LONGEST_OUTPUT);
  }
}
