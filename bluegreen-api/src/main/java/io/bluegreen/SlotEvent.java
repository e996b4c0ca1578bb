package io.bluegreen;

import io.bluegreen.support.ArgumentChecks;
import java.util.List;
import java.util.Objects;

/**
 * What a deployment did with a slot, or found there: launched, adopted, probed, drained, stopped.
 */
public sealed interface SlotEvent extends DeploymentEvent {
  /**
   * A slot was launched.
   *
   * @param slot the slot
   * @param version the version of its release
   * @param state what the launcher says of it
   */
  record Launched(Stamp stamp, Slot slot, String version, LaunchState state) implements SlotEvent {
    /** Refuses null. */
    public Launched {
      Objects.requireNonNull(stamp, "stamp");
      Objects.requireNonNull(slot, "slot");
      Objects.requireNonNull(version, "version");
      Objects.requireNonNull(state, "state");
    }

    @Override
    public String toString() {
      return slot + " launched with " + version + ": " + state;
    }
  }

  /**
   * What runs in a slot was adopted: it was not launched here.
   *
   * @param slot the slot
   * @param version the version that a person says it is
   * @param state what the launcher says of it
   */
  record Adopted(Stamp stamp, Slot slot, String version, LaunchState state) implements SlotEvent {
    /** Refuses null. */
    public Adopted {
      Objects.requireNonNull(stamp, "stamp");
      Objects.requireNonNull(slot, "slot");
      Objects.requireNonNull(version, "version");
      Objects.requireNonNull(state, "state");
    }

    @Override
    public String toString() {
      return slot + " adopted as " + version + ": " + state;
    }
  }

  /**
   * All instances of some slots, or the front doors where they answer, were probed once.
   *
   * @param slots the slots
   * @param atFrontDoor whether the front doors of their services were probed
   * @param up how many instances are up
   * @param of how many instances there are
   * @param passes how many rounds in a row all of them were up
   * @param needed how many such rounds prove the slots
   * @param detail what the probe of the first instance that is down says; else that of the first
   */
  record Probed(
      Stamp stamp,
      List<Slot> slots,
      boolean atFrontDoor,
      int up,
      int of,
      int passes,
      int needed,
      String detail)
      implements SlotEvent {
    /** Refuses null. */
    public Probed {
      Objects.requireNonNull(stamp, "stamp");
      ArgumentChecks.noNulls("slots", slots);
      Objects.requireNonNull(detail, "detail");
    }

    @Override
    public String toString() {
      return (atFrontDoor
              ? "front door of " + slots.stream().map(slot -> slot.service().name()).toList()
              : slots)
          + " "
          + up
          + " of "
          + of
          + " up, pass "
          + passes
          + " of "
          + needed
          + ": "
          + detail;
    }
  }

  /**
   * The drain of a slot ended.
   *
   * @param slot the slot
   * @param inFlight how many requests it still answered
   * @param cut how many of them were ended by force
   */
  record Drained(Stamp stamp, Slot slot, InFlight inFlight, int cut) implements SlotEvent {
    /** Refuses null. */
    public Drained {
      Objects.requireNonNull(stamp, "stamp");
      Objects.requireNonNull(slot, "slot");
      Objects.requireNonNull(inFlight, "inFlight");
    }

    @Override
    public String toString() {
      return slot + " drained, in flight: " + inFlight + (cut > 0 ? ", cut: " + cut : "");
    }
  }

  /**
   * A slot was stopped.
   *
   * @param slot the slot
   */
  record Stopped(Stamp stamp, Slot slot) implements SlotEvent {
    /** Refuses null. */
    public Stopped {
      Objects.requireNonNull(stamp, "stamp");
      Objects.requireNonNull(slot, "slot");
    }

    @Override
    public String toString() {
      return slot + " stopped";
    }
  }
}
