package io.bluegreen.engine;

import io.bluegreen.Color;
import io.bluegreen.Health;
import io.bluegreen.Instance;
import io.bluegreen.LaunchState;
import io.bluegreen.Listening;
import io.bluegreen.Service;
import io.bluegreen.Slot;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * Finds what an adoption is about: the slot that runs, and whether its launcher can take it over.
 * Refuses what is not clear. Touches nothing.
 */
final class Adoption {
  private final OperationRun run;
  private final ServedNow served;

  Adoption(OperationRun run, ServedNow served) {
    this.run = run;
    this.served = served;
  }

  /** Returns the colour to adopt: the one that was named, else the one that is live. */
  Color color(Service service) {
    try {
      Optional<Color> named = run.operation.target();
      Color color =
          named.isPresent()
              ? named.get()
              : service.routed() ? served.idle(service).other() : running(service);
      Slot slot = run.setup.group().slot(service.name(), color);
      requireUnknown(slot);
      if (service.routed()) {
        requireListening(slot);
      } else if (named.isPresent()) {
        requireNamedRuns(slot);
      }
      return color;
    } catch (InterruptedException e) {
      throw ServedNow.interrupted();
    }
  }

  /** Returns whether a slot is on record already as what it is to be adopted as, and lives. */
  boolean isAdopted(Slot slot) {
    return run.state()
            .occupant(slot)
            .filter(at -> at.release().equals(run.operation.release().orElseThrow()))
            .filter(at -> !at.byName() || !canBeTakenOver(slot))
            .isPresent()
        && alive(slot)
        && (slot.service().routed()
            ? !served.nothingLive(slot) && !served.foundLive().contains(slot.service().name())
            : run.state().background.get(slot.service().name()) == slot.color());
  }

  /** Returns whether only the version goes on record, because nothing here can stop the slot. */
  boolean isByName(Slot slot) {
    try {
      LaunchState found = adoptable(slot);
      if (found.alive()) {
        run.events.warn(slot + " is adopted as it is: " + found);
        return false;
      }
      String why = "the launcher can't take over what runs on " + slot + ": " + found;
      if (run.operation.force().isEmpty() || !slot.service().routed()) {
        throw served.refused(
            why
                + (slot.service().routed()
                    ? ". If it is to go on record by its version only, and you stop it by its own"
                        + " means when it is to end: run(operation.force(why))"
                    : ". A background service has to be stopped when it is handed over: give it a"
                        + " launcher that can do that"));
      }
      run.events.warn(why + "; it goes on record by its version only");
      return true;
    } catch (InterruptedException e) {
      throw ServedNow.interrupted();
    }
  }

  /**
   * Returns the token by which the launcher is to know a slot: the one by which it does so already,
   * where only the version is put right, so that what is given up loses nothing.
   */
  String token(Slot slot) {
    return run.state()
        .occupant(slot)
        .filter(at -> at.origin() == SlotOccupant.Origin.TAKEN_OVER)
        .filter(at -> alive(slot))
        .map(SlotOccupant::token)
        .orElseGet(() -> run.setup.randomName(32));
  }

  /** Refuses what was launched here: its version is known. */
  private void requireUnknown(Slot slot) throws InterruptedException {
    Optional<SlotOccupant> known = run.state().occupant(slot);
    if (known.isEmpty()
        || known.get().origin() != SlotOccupant.Origin.LAUNCHED
        || isAdopted(slot)) {
      return;
    }
    switch (run.launchState(slot).kind()) {
      case EXTERNAL, EXITED, ABSENT -> {}
      case RUNNING, UNKNOWN ->
          throw served.refused(
              slot
                  + " is on record with "
                  + known.get().release()
                  + ", and its launcher says "
                  + run.launchState(slot)
                  + ": there is nothing to adopt");
    }
  }

  private void requireListening(Slot slot) throws InterruptedException {
    if (slot.color() != served.idle(slot.service()) && served.nothingLive(slot)) {
      throw served.refused(
          "nothing accepts a connection at " + slot + ", so that there is nothing to adopt");
    }
    for (Instance instance : slot.instances()) {
      Listening listening = run.listening(instance);
      if (listening != Listening.YES && run.operation.force().isEmpty()) {
        throw served.refused(
            instance
                + (listening == Listening.NO
                    ? " accepts no connection, so that there is nothing to adopt"
                    : " neither accepts nor refuses a connection: it can't be told what runs"));
      }
    }
  }

  /** Returns the colour of a background service that runs, if exactly one clearly does. */
  private Color running(Service service) throws InterruptedException {
    Seen blue = seen(run.setup.group().slot(service.name(), Color.BLUE));
    Seen green = seen(run.setup.group().slot(service.name(), Color.GREEN));
    if (blue.runs() == green.runs() || !blue.isClear() || !green.isClear()) {
      throw served.refused(
          (blue.runs() != green.runs()
                  ? "it can't be told which colour of " + service + " runs"
                  : blue.runs()
                      ? "both colours of " + service + " seem to run"
                      : "neither colour of " + service + " seems to run")
              + ": "
              + blue
              + "; "
              + green
              + ". Check and launcher must tell the two colours apart; mend them, stop one, or say"
              + " which it is with on(colour) and force(why)");
    }
    return blue.runs() ? Color.BLUE : Color.GREEN;
  }

  private void requireNamedRuns(Slot slot) throws InterruptedException {
    Seen here = seen(slot);
    Seen there = seen(slot.other());
    boolean clear = here.runs() && here.isClear() && !there.runs() && there.isClear();
    if (!clear && run.operation.force().isEmpty()) {
      throw served.refused(
          "it is not clear that "
              + slot
              + " runs and "
              + slot.other()
              + " does not: "
              + here
              + "; "
              + there);
    }
  }

  /** What launcher and check say of one colour of a background service. */
  private record Seen(Slot slot, LaunchState launcher, Health check) {
    boolean runs() {
      return launcher.kind() == LaunchState.Kind.RUNNING || check.up();
    }

    /** Returns whether the launcher can tell; else a check that is down proves nothing. */
    boolean isClear() {
      return switch (launcher.kind()) {
        case RUNNING, ABSENT, EXTERNAL -> true;
        case EXITED, UNKNOWN -> false;
      };
    }

    @Override
    public String toString() {
      return "of " + slot + " the launcher says " + launcher + ", the check " + check;
    }
  }

  private Seen seen(Slot slot) throws InterruptedException {
    Map<Instance, Health> healths =
        run.setup.probe(slot.instances(), run.policy.probing().timeout());
    Health best =
        healths.values().stream()
            .filter(Health::up)
            .findFirst()
            .orElseGet(() -> healths.values().iterator().next());
    return new Seen(slot, adoptable(slot), best);
  }

  private LaunchState adoptable(Slot slot) throws InterruptedException {
    try {
      return run.within(
          run.policy.limits().launch(),
          "asking the launcher what runs on " + slot,
          () ->
              Objects.requireNonNull(
                  run.setup.launcher(slot.service()).adoptable(slot), "adoptable() returned null"));
    } catch (StepNotDone e) {
      return LaunchState.unknown(e.reason());
    }
  }

  private boolean canBeTakenOver(Slot slot) {
    try {
      return adoptable(slot).alive();
    } catch (InterruptedException e) {
      throw ServedNow.interrupted();
    }
  }

  private boolean alive(Slot slot) {
    try {
      return run.launchState(slot).alive();
    } catch (InterruptedException e) {
      throw ServedNow.interrupted();
    }
  }
}
