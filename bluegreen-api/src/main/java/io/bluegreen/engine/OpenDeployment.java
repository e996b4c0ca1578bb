package io.bluegreen.engine;

import io.bluegreen.Color;
import io.bluegreen.DeploymentPolicy;
import io.bluegreen.Operation;
import io.bluegreen.Release;
import io.bluegreen.RouterTruth;
import io.bluegreen.Slot;
import io.bluegreen.TrafficSplit;
import io.bluegreen.engine.JournalEntry.Mark;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** A deployment that was begun and not ended. */
final class OpenDeployment {
  String id = "";
  String operation = "";
  Operation.Kind kind = Operation.Kind.DEPLOY;
  @Nullable Release release;
  @Nullable Color target;

  /** Whether a switch or a rollback goes by the policy's shift. */
  boolean gradual;

  /** The version that a rollback names, if it does. */
  @Nullable String version;

  /** The version that it is about, if that is one for all services; for people only. */
  @Nullable String about;

  /** The services that were named; empty for all. */
  List<String> services = new ArrayList<>();

  String by = "";
  String why = "";
  @Nullable String force;
  Instant startedAt = Instant.EPOCH;

  /** How much of the limit for the whole deployment was spent when the last step began. */
  Duration spent = Duration.ZERO;

  DeploymentPolicy policy = DeploymentPolicy.DEFAULT;

  /** The split that it began with, and the one that it ends with. */
  TrafficSplit from = new TrafficSplit(new TreeMap<>());

  TrafficSplit to = new TrafficSplit(new TreeMap<>());

  /** The colour that is to be live, by service. */
  TreeMap<String, Color> candidates = new TreeMap<>();

  /** Services of the group for which nothing was ever assigned when it began. */
  TreeSet<String> unassigned = new TreeSet<>();

  /** Services of which no switch was known when it began, and that were live all the same. */
  TreeSet<String> foundLive = new TreeSet<>();

  /** The background services that it hands over. */
  TreeMap<String, Handover> handovers = new TreeMap<>();

  /**
   * All its steps; empty if an earlier version of the library began it: then it can't be carried
   * on.
   */
  List<RecordedStep> plan = new ArrayList<>();

  /** How many signals there were when it began to wait for a person: those do not count. */
  int heardBefore;

  /** The person who let it go on, and why, if one had to. */
  @Nullable String approval;

  /**
   * Whether there is no way back: a hook that is a point of no return was begun, or it was decided
   * to leave all as it is.
   */
  boolean noReturn;

  /** {@code former} of the document as it was before the first move or handover. */
  @Nullable TreeMap<String, Color> formerBefore;

  /** {@code formerBackground} of the document as it was then. */
  @Nullable TreeMap<String, Release> formerBackgroundBefore;

  /** What was on record of a slot before a step was about to change it, by slot. */
  TreeMap<String, SlotRecord> before = new TreeMap<>();

  /** {@code promotions} of the document as they were then, and which was the last. */
  @Nullable TreeMap<String, Promotion> promotionsBefore;

  @Nullable String lastPromotionBefore;

  /** Whether a generation is set aside for the way back, so that it needs no save of its own. */
  boolean returnReserved;

  /**
   * Whether the router was seen to serve something else than it began with, or a background service
   * that was live was touched.
   */
  boolean moved;

  /**
   * Whether a switch may still be on its way: it was asked for, and neither proven nor refused by a
   * router that had changed nothing.
   */
  boolean underWay;

  /** Why it goes back, once it does. */
  @Nullable String failure;

  boolean aborted;

  List<JournalEntry> entries = new ArrayList<>();

  /** Returns what was asked for, as far as going back or finishing needs it. */
  Operation asked() {
    Operation asked =
        switch (kind) {
          case DEPLOY -> Operation.deploy(Objects.requireNonNull(release));
          case START -> Operation.startCandidate(Objects.requireNonNull(release));
          case SWITCH -> Operation.switchTo(Objects.requireNonNull(target));
          case ROLLBACK ->
              version == null ? Operation.rollback() : Operation.rollback().to(version);
          case STOP -> Operation.stopCandidate();
          case ADOPT -> Operation.adopt(Objects.requireNonNull(release));
        };
    for (String service : services) {
      asked = asked.service(service);
    }
    if (gradual) {
      asked = asked.gradually();
    }
    if (force != null) {
      asked = asked.force(force);
    }
    return by.isEmpty() || why.isEmpty() ? asked : asked.by(by, why);
  }

  /** Notes what the router serves, also by former workers that take new requests. */
  void seen(RouterTruth.Known truth) {
    moved |=
        !truth.running().equals(from)
            || (truth.formerAccept()
                && truth.formerWorkers().stream().anyMatch(split -> !split.equals(from)));
  }

  /** Keeps what can be gone back to before its first move or handover, for the way back. */
  void keep(WaysBack now) {
    if (formerBefore == null) {
      formerBefore = new TreeMap<>(now.former());
      formerBackgroundBefore = new TreeMap<>(now.formerBackground());
      promotionsBefore = new TreeMap<>(now.promotions());
      lastPromotionBefore = now.lastPromotion();
    }
  }

  /** Returns what could be gone back to before its first move or handover. */
  WaysBack waysBackBefore() {
    return new WaysBack(
        Objects.requireNonNullElseGet(formerBefore, TreeMap::new),
        Objects.requireNonNullElseGet(formerBackgroundBefore, TreeMap::new),
        Objects.requireNonNullElseGet(promotionsBefore, TreeMap::new),
        lastPromotionBefore);
  }

  /** Keeps what is on record of a slot, to put it back if nothing is done to the slot. */
  void keep(Slot slot, SlotRecord now) {
    before.put(slot.toString(), now);
  }

  /** Returns what was on record of a slot before the last step that was about to change it. */
  Optional<SlotRecord> before(Slot slot) {
    return Optional.ofNullable(before.get(slot.toString()));
  }

  /** Returns whether its process ended in a step of this kind, or in the undo of one. */
  boolean endedIn(StepKind kind) {
    return last()
        .filter(last -> last.mark() == Mark.INTENT || last.mark() == Mark.UNDO_INTENT)
        .filter(last -> last.kind() == kind)
        .isPresent();
  }

  /**
   * Returns the split that it goes back to: the one it began with, but a service for which nothing
   * was ever live stays.
   */
  TrafficSplit wayBack(TrafficSplit serving) {
    TrafficSplit back = from;
    for (String service : unassigned) {
      back = back.with(service, Color.GREEN, serving.share(service, Color.GREEN));
    }
    return back;
  }

  /** Returns whether its last move makes this slot live, which it was not before. */
  boolean isMadeLive(Slot slot) {
    String service = slot.service().name();
    return unassigned.contains(service)
        || from.share(service, slot.color()) < to.share(service, slot.color());
  }

  /** Returns whether the last thing recorded is that it waits: for time, gates or a person. */
  boolean waits() {
    return failure == null
        && last().map(last -> last.mark() == Mark.INTENT && last.kind().waits()).orElse(false);
  }

  /** Returns the share that the candidates have by the last move that was done; 0 without one. */
  int percent() {
    return entries.stream()
        .filter(entry -> entry.kind() == StepKind.MOVE && entry.mark() == Mark.FACT)
        .map(JournalEntry::split)
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
    for (JournalEntry entry : entries) {
      if (entry.mark() == Mark.FACT && entry.kind() != StepKind.PAUSE) {
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

  Optional<JournalEntry> last() {
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
                            entry.kind() == StepKind.HANDOVER
                                && entry.subject().equals(service)
                                && entry.mark() == Mark.FACT))
        .toList();
  }
}
