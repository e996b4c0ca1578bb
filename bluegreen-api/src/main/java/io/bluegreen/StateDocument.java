package io.bluegreen;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Everything that is remembered of a group, the open deployment included, as one document, so that
 * state and journal can't disagree. {@link StateCodec} reads and writes the fields by their names.
 */
final class StateDocument {
  String group = "";

  /** Grows with every holder of the lease; the fence of its switches. */
  long epoch;

  /** Grows with every save. */
  long sequence;

  /** Of the last switch that was intended. */
  long generation;

  /** The split of the last proven switch: for comparison only, the router is the truth. */
  @Nullable TrafficSplit acknowledged;

  @Nullable LastSwitch lastSwitch;

  /** What was launched where, by {@code service/colour}. */
  TreeMap<String, Occupant> slots = new TreeMap<>();

  /**
   * Slots that were stopped and not launched since: nothing of ours runs there, whatever answers.
   */
  TreeSet<String> stopped = new TreeSet<>();

  /** The live colour of each background service. */
  TreeMap<String, Color> background = new TreeMap<>();

  /** The colour that was live before, runs still, and may be gone back to, by service. */
  TreeMap<String, Color> former = new TreeMap<>();

  /**
   * Routed services that no switch of ours was about, though the router may count them as assigned.
   */
  TreeSet<String> untouched = new TreeSet<>();

  /** What a background service ran before it was handed over, by service. */
  TreeMap<String, Release> formerBackground = new TreeMap<>();

  @Nullable OpenDeployment open;

  List<Past> history = new ArrayList<>();

  /** Returns the services for which nothing is live, because nobody ever deployed them. */
  Set<String> unassigned(RouterTruth.Known truth) {
    TreeSet<String> unassigned = new TreeSet<>(truth.unassigned());
    unassigned.addAll(untouched);
    unassigned.retainAll(truth.running().services());
    return unassigned;
  }

  Optional<Occupant> occupant(Slot slot) {
    return Optional.ofNullable(slots.get(slot.toString()));
  }

  void remember(Past past) {
    history.add(0, past);
    while (history.size() > BlueGreenManager.HISTORY) {
      history.remove(history.size() - 1);
    }
  }

  /**
   * What was launched in a slot, or was about to be.
   *
   * @param process what the launcher said of it, such as its pid; for people only
   * @param lastCheck when and how it was proved last; for people only
   */
  record Occupant(
      Release release, String token, Instant launchedAt, String process, String lastCheck) {
    Occupant(Release release, String token, Instant launchedAt) {
      this(release, token, launchedAt, "", "");
    }

    Occupant launched(String state) {
      return new Occupant(release, token, launchedAt, state, lastCheck);
    }

    Occupant checked(String check) {
      return new Occupant(release, token, launchedAt, process, check);
    }
  }

  /**
   * One background service that is handed over; both tokens are known before anything happens.
   *
   * @param live what runs until now, if something does
   * @param returnToken for starting that again
   */
  record Handover(Release release, String token, @Nullable Occupant live, String returnToken) {}

  record LastSwitch(Instant at, TrafficSplit from, TrafficSplit to, String deploymentId) {}

  /** One past deployment, as {@link DeploymentRecord}. */
  record Past(
      String id,
      String operation,
      String by,
      String why,
      @Nullable String force,
      Outcome outcome,
      String reason,
      Instant startedAt,
      Duration took) {
    DeploymentRecord toRecord() {
      return new DeploymentRecord(
          id, operation, by, why, Optional.ofNullable(force), outcome, reason, startedAt, took);
    }
  }

  /** A deployment that was begun and not ended. */
  static final class OpenDeployment {
    String id = "";
    String operation = "";
    Operation.Kind kind = Operation.Kind.DEPLOY;
    @Nullable Release release;
    @Nullable Color target;
    String by = "";
    String why = "";
    @Nullable String force;
    Instant startedAt = Instant.EPOCH;
    DeploymentPolicy policy = DeploymentPolicy.DEFAULT;

    /** The split that it began with, and the one that it ends with. */
    TrafficSplit from = new TrafficSplit(new TreeMap<>());

    TrafficSplit to = new TrafficSplit(new TreeMap<>());

    /** The colour that is to be live, by service. */
    TreeMap<String, Color> candidates = new TreeMap<>();

    /** Services of the group for which nothing was ever assigned when it began. */
    TreeSet<String> unassigned = new TreeSet<>();

    /** The background services that it hands over. */
    TreeMap<String, Handover> handovers = new TreeMap<>();

    /** {@link StateDocument#former} as it was before the first move. */
    @Nullable TreeMap<String, Color> formerBefore;

    /** Whether a generation is set aside for the way back, so that it needs no save of its own. */
    boolean returnReserved;

    /** Why it goes back, once it does. */
    @Nullable String failure;

    boolean aborted;

    List<Entry> entries = new ArrayList<>();

    /** Returns what was asked for, as far as going back or finishing needs it. */
    Operation asked() {
      Operation asked =
          switch (kind) {
            case DEPLOY -> Operation.deploy(Objects.requireNonNull(release));
            case START -> Operation.startCandidate(Objects.requireNonNull(release));
            case SWITCH -> Operation.switchTo(Objects.requireNonNull(target));
            case ROLLBACK -> Operation.rollback();
            case STOP -> Operation.stopCandidate();
          };
      return by.isEmpty() || why.isEmpty() ? asked : asked.by(by, why);
    }

    Optional<Entry> last() {
      return entries.isEmpty() ? Optional.empty() : Optional.of(entries.get(entries.size() - 1));
    }

    /** Returns whether nothing was live before in any routed service that it is about. */
    boolean first() {
      List<String> routed = candidates.keySet().stream().filter(to.services()::contains).toList();
      return !routed.isEmpty() && unassigned.containsAll(routed);
    }

    /** Returns the background services that were to be handed over, and are not known to be. */
    List<String> notHandedOver() {
      return handovers.keySet().stream()
          .filter(
              service ->
                  entries.stream()
                      .noneMatch(
                          entry ->
                              entry.kind().equals("HANDOVER")
                                  && entry.subject().equals(service)
                                  && entry.mark() == Mark.FACT))
          .toList();
    }
  }

  /** What was recorded of a step. */
  enum Mark {
    INTENT,
    FACT,
    UNDO_INTENT,
    UNDO_FACT
  }

  /**
   * One line of the journal.
   *
   * @param subject the slot, the hook or the service that it is about; empty where there is none
   */
  record Entry(
      int step,
      Mark mark,
      String kind,
      Phase phase,
      String subject,
      String what,
      Instant at,
      Duration within,
      @Nullable TrafficSplit split,
      @Nullable Long generation) {
    Entry at(int index, Mark as) {
      return new Entry(index, as, kind, phase, subject, what, at, within, split, generation);
    }

    Entry marked(Mark other, Instant when) {
      return new Entry(step, other, kind, phase, subject, what, when, within, split, generation);
    }
  }
}
