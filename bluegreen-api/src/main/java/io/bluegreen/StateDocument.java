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
  /** The kind of the entries that tell of a pause: it is no step of a plan. */
  static final String PAUSE = "PAUSE";

  private static final Set<String> WAITS = Set.of("HOLD", PAUSE);

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

  /** What is stopped can't be gone back to. */
  void noLongerFormer(Slot slot) {
    if (former.remove(slot.service().name(), slot.color())) {
      formerBackground.clear(); // A group goes back whole, or not at all.
    }
  }

  /** Takes what the router serves for what is meant, whoever has moved it there. */
  void acknowledge(TrafficSplit serving, Instant now, String deploymentId) {
    if (acknowledged != null && !serving.equals(acknowledged)) {
      lastSwitch = new LastSwitch(now, acknowledged, serving, deploymentId);
    }
    acknowledged = serving;
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
      @Nullable String approval,
      Outcome outcome,
      String reason,
      Instant startedAt,
      Duration took) {
    DeploymentRecord toRecord() {
      return new DeploymentRecord(
          id,
          operation,
          by,
          why,
          Optional.ofNullable(force),
          Optional.ofNullable(approval),
          outcome,
          reason,
          startedAt,
          took);
    }
  }

  /** A deployment that was begun and not ended. */
  static final class OpenDeployment {
    String id = "";
    String operation = "";
    Operation.Kind kind = Operation.Kind.DEPLOY;
    @Nullable Release release;
    @Nullable Color target;

    /** The services that were named; empty for all. */
    List<String> services = new ArrayList<>();

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

    /** All its steps; empty where an earlier version began it, which can't be carried on. */
    List<Line> plan = new ArrayList<>();

    /** How many signals there were when it began to wait for a person: those do not count. */
    int heardBefore;

    /** Who let it go on, and why, if somebody had to. */
    @Nullable String approval;

    /**
     * Whether nothing leads back: a hook has been begun behind which nothing does, or it was
     * decided to leave all as it is.
     */
    boolean noReturn;

    /** {@link StateDocument#former} as it was before the first move or handover. */
    @Nullable TreeMap<String, Color> formerBefore;

    /** {@link StateDocument#formerBackground} as it was then. */
    @Nullable TreeMap<String, Release> formerBackgroundBefore;

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
      for (String service : services) {
        asked = asked.service(service);
      }
      if (force != null) {
        asked = asked.force(force);
      }
      return by.isEmpty() || why.isEmpty() ? asked : asked.by(by, why);
    }

    /** Keeps what can be gone back to now, for the way back. */
    void keepFormer(StateDocument state) {
      if (formerBefore == null) {
        formerBefore = new TreeMap<>(state.former);
        formerBackgroundBefore = new TreeMap<>(state.formerBackground);
      }
    }

    void restoreFormer(StateDocument state) {
      state.former.clear();
      state.former.putAll(Objects.requireNonNullElseGet(formerBefore, TreeMap::new));
      state.formerBackground.clear();
      state.formerBackground.putAll(
          Objects.requireNonNullElseGet(formerBackgroundBefore, TreeMap::new));
    }

    void restoreFormerBackground(String service, StateDocument state) {
      Release before = formerBackgroundBefore == null ? null : formerBackgroundBefore.get(service);
      if (before == null) {
        state.formerBackground.remove(service);
      } else {
        state.formerBackground.put(service, before);
      }
    }

    /** Returns whether its process ended in a step of this kind, or in the undo of one. */
    boolean endedIn(String kind) {
      return last()
          .filter(last -> last.mark() == Mark.INTENT || last.mark() == Mark.UNDO_INTENT)
          .filter(last -> last.kind().equals(kind))
          .isPresent();
    }

    /**
     * Returns the split that it goes back to: the one it began with, but a service for which
     * nothing was ever live stays.
     */
    TrafficSplit wayBack(TrafficSplit serving) {
      TrafficSplit back = from;
      for (String service : unassigned) {
        back = back.with(service, Color.GREEN, serving.share(service, Color.GREEN));
      }
      return back;
    }

    /** Returns whether the last thing recorded is that it waits: for time, gates or a person. */
    boolean waits() {
      return failure == null
          && last()
              .map(last -> last.mark() == Mark.INTENT && WAITS.contains(last.kind()))
              .orElse(false);
    }

    /** Returns the share that the candidates have by the last move that was done; 0 without one. */
    int percent() {
      return entries.stream()
          .filter(entry -> entry.kind().equals("MOVE") && entry.mark() == Mark.FACT)
          .map(Entry::split)
          .reduce((first, second) -> second)
          .map(this::percent)
          .orElse(0);
    }

    private int percent(TrafficSplit split) {
      return candidates.entrySet().stream()
          .filter(candidate -> split.services().contains(candidate.getKey()))
          .mapToInt(candidate -> split.share(candidate.getKey(), candidate.getValue()))
          .max()
          .orElse(0);
    }

    /** Returns the place of the first step of the plan that is not known to be done. */
    int next() {
      int next = 0;
      for (Entry entry : entries) {
        if (entry.mark() == Mark.FACT && !entry.kind().equals(PAUSE)) {
          next = Math.max(next, entry.step() + 1);
        }
      }
      return next;
    }

    /** Returns whether this was recorded of a step, by its place in the plan. */
    boolean has(int step, Mark mark) {
      return entries.stream().anyMatch(entry -> entry.step() == step && entry.mark() == mark);
    }

    /** Returns whether a step was done, and nothing of it taken back. */
    boolean isWhole(int step) {
      return has(step, Mark.FACT) && !has(step, Mark.UNDO_INTENT);
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

  /**
   * One step of a plan, with what it takes to make it again in another process.
   *
   * @param subject the slot, the hook or the service that it is about; empty where there is none
   * @param split that a move makes, or that the traffic is held at
   */
  record Line(String kind, Phase phase, String subject, @Nullable TrafficSplit split) {}

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
    Line line() {
      return new Line(kind, phase, subject, split);
    }

    Entry at(int index, Mark as) {
      return new Entry(index, as, kind, phase, subject, what, at, within, split, generation);
    }

    Entry marked(Mark other, Instant when) {
      return new Entry(step, other, kind, phase, subject, what, when, within, split, generation);
    }
  }
}
