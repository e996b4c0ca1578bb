package io.bluegreen.simulation;

import io.bluegreen.LaunchException;
import io.bluegreen.LaunchException.Effect;
import io.bluegreen.LaunchFinding;
import io.bluegreen.LaunchState;
import io.bluegreen.Launcher;
import io.bluegreen.Release;
import io.bluegreen.Slot;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** The launcher of one life; what it starts belongs to the world. */
final class WorldLauncher implements Launcher {
  private static final Duration NEVER = Duration.ofDays(1_000);

  private final HostLife life;
  private final World world;

  WorldLauncher(HostLife life) {
    this.life = life;
    this.world = life.world;
  }

  @Override
  public List<LaunchFinding> check(Slot slot, Release release, Optional<String> occupant) {
    return life.call(
        SeamCall.CHECK,
        slot + " " + release,
        fault -> {
          if (fault == Fault.CHECK_THROWS) {
            throw new IllegalStateException("as told");
          }
          if (fault == Fault.CHECK_HANGS) {
            life.hang("check");
          }
          List<LaunchFinding> found =
              fault == Fault.CHECK_FINDS
                  ? List.of(LaunchFinding.invalid("as told"))
                  : world.processes.whatIsInTheWay(slot, occupant);
          if (!found.isEmpty()) {
            world.oracle.deeds.found();
          }
          return found;
        });
  }

  @Override
  public void launch(Slot slot, Release release, String token) {
    life.call(
        SeamCall.LAUNCH,
        slot + " " + release,
        fault -> {
          world.oracle.beforeLaunch(life, slot, token);
          try {
            launch(slot, release, token, fault);
          } catch (LaunchException e) {
            if (e.effect() == Effect.UNCHANGED) {
              world.oracle.refused(life, token);
            }
            throw e;
          }
          return "launched";
        });
  }

  private void launch(Slot slot, Release release, String token, Fault fault) {
    switch (fault) {
      case LAUNCH_REFUSED -> throw new LaunchException("refused, as told", Effect.UNCHANGED);
      case LAUNCH_FAILED -> throw new LaunchException("not started, as told");
      case LAUNCHED_THEN_THROWN -> {
        start(slot, release, token, Duration.ZERO);
        throw new LaunchException("half started, as told");
      }
      case LAUNCH_STARTS_NOTHING -> {}
      case LAUNCH_HANGS -> life.hang("launch");
      case LAUNCHED_THEN_HUNG -> {
        start(slot, release, token, Duration.ZERO);
        life.hang("launch");
      }
      case LAUNCHED_LATE -> {
        late(slot, release, token, Duration.ofSeconds(61));
        life.hang("launch");
      }
      case CRASH_AND_LAUNCHED_LATE -> {
        late(slot, release, token, Duration.ofSeconds(token.charAt(0) % 20));
        throw life.die("in launch, which is made later");
      }
      case DIES_AT_ONCE -> {
        start(slot, release, token, Duration.ZERO);
        world.dies(slot);
      }
      case DIES_LATER -> {
        start(slot, release, token, Duration.ZERO);
        Duration age = Duration.ofMillis(500 + 100 * (token.charAt(0) % 80));
        world.time.after(
            age,
            () ->
                world
                    .processes
                    .running(slot.toString())
                    .filter(process -> process.token.equals(token))
                    .ifPresent(process -> world.dies(slot)));
      }
      case NEVER_UP -> start(slot, release, token, NEVER);
      case SLOWLY_UP -> start(slot, release, token, Duration.ofSeconds(4));
      default -> start(slot, release, token, Duration.ofMillis(300));
    }
  }

  private void late(Slot slot, Release release, String token, Duration delay) {
    world.time.after(
        delay,
        () -> {
          try {
            start(slot, release, token, Duration.ZERO);
          } catch (LaunchException e) {
            world.note(() -> "*** not started late: " + e.getMessage());
          }
        });
  }

  private void start(Slot slot, Release release, String token, Duration delay) {
    WorldProcesses.Process process =
        world.processes.start(slot, release, token, world.time.elapsed().plus(delay));
    world.proxy.ended(slot.toString()); // The former process there answers nothing any more.
    process.forgotten |= life.leaseLost();
    world.note(() -> "*** runs: " + process);
  }

  @Override
  public void stop(Slot slot, String token, Duration grace) {
    life.call(
        SeamCall.STOP,
        slot.toString(),
        fault -> {
          world.oracle.beforeStop(life, slot, token);
          if (fault == Fault.STOP_REFUSED) {
            throw new LaunchException("refused, as told", Effect.UNCHANGED);
          }
          if (fault == Fault.STOP_FAILED) {
            throw new LaunchException("it still runs, as told");
          }
          if (fault == Fault.STOP_HANGS) {
            life.hang("stop");
          }
          stopByName(slot, token);
          world.processes.stop(token);
          world.proxy.ended(slot.toString());
          return "stopped";
        });
  }

  /**
   * If this launcher never started the token, it takes whatever runs in the slot for it, and stops
   * that.
   */
  private void stopByName(Slot slot, String token) {
    if (world.processes.find(token).isEmpty()) {
      world
          .processes
          .unrecorded(slot)
          .filter(seen -> seen.launcherSees)
          .ifPresent(
              seen -> {
                world.oracle.stopsByHand(seen);
                world.processes.end(seen);
              });
    }
  }

  @Override
  public LaunchState adoptable(Slot slot) {
    return life.call(
        SeamCall.STATE,
        "adoptable " + slot,
        fault -> {
          if (fault == Fault.STATE_UNKNOWN) {
            return LaunchState.unknown("as told");
          }
          if (fault == Fault.STATE_HANGS) {
            life.hang("adoptable");
          }
          return world.processes.strangers.contains(slot.toString())
              ? LaunchState.running("a stranger")
              : LaunchState.absent();
        });
  }

  @Override
  public void adopt(Slot slot, Release release, String token) {
    life.call(
        SeamCall.LAUNCH,
        "adopt " + slot + " " + release,
        fault -> {
          world.oracle.beforeAdoption(life, slot, token);
          switch (fault) {
            case LAUNCH_REFUSED -> throw new LaunchException("refused, as told", Effect.UNCHANGED);
            case LAUNCH_FAILED -> throw new LaunchException("not taken over, as told");
            case LAUNCH_STARTS_NOTHING -> {}
            case LAUNCH_HANGS -> life.hang("adopt");
            default -> world.processes.takeOver(slot, release, token);
          }
          if (fault == Fault.LAUNCHED_THEN_THROWN) {
            throw new LaunchException("taken over, and failed, as told");
          }
          if (fault == Fault.LAUNCHED_THEN_HUNG) {
            life.hang("adopt");
          }
          return "taken over";
        });
  }

  @Override
  public LaunchState state(Slot slot, String token) {
    Optional<WorldProcesses.Unrecorded> byHand =
        world.processes.unrecorded(slot).filter(started -> started.launcherSees);
    return life.call(
        SeamCall.STATE,
        slot.toString(),
        fault -> {
          if (fault != Fault.NONE) {
            byHand.ifPresent(started -> started.denied = true);
          }
          if (fault == Fault.STATE_UNKNOWN) {
            return LaunchState.unknown("as told");
          }
          if (fault == Fault.STATE_HANGS) {
            life.hang("state");
          }
          return world
              .processes
              .find(token)
              .map(
                  process ->
                      process.runs ? LaunchState.running("") : LaunchState.exited("died", "boom"))
              .orElseGet(
                  () -> byHand.isPresent() ? LaunchState.running("by hand") : LaunchState.absent());
        });
  }
}
