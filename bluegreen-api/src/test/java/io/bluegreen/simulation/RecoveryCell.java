package io.bluegreen.simulation;

import io.bluegreen.BlueGreenException;
import io.bluegreen.Color;
import io.bluegreen.DeploymentEvent;
import io.bluegreen.DeploymentSuspendedException;
import io.bluegreen.ProgressEvent;
import io.bluegreen.TrafficSplit;
import io.bluegreen.simulation.StoredDocument.Journaled;
import io.bluegreen.simulation.StoredDocument.Written;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * One recovery, seen from outside: how far the stored journal was and what the proxy served when it
 * began, and what it decided. The table says by hand which decisions a cell has.
 */
final class RecoveryCell {
  /**
   * The rows say how far the journal is; the columns say what may be decided at the start, between,
   * and at the end.
   */
  private static final String TABLE =
      """
      BEFORE_TRAFFIC | CLEANED FROZEN                | -                                 | ON_HOLD
      MOVING         | CLEANED FROZEN                | MOVED_BACK FROZEN                 | MOVED_BACK FROZEN FINISHED SUSPENDED
      WAITING        | SUSPENDED CLEANED             | SUSPENDED MOVED_BACK FROZEN       | SUSPENDED MOVED_BACK FROZEN
      MOVED          | CLEANED ON_HOLD FINISHED SUSPENDED FROZEN | MOVED_BACK FROZEN                 | MOVED_BACK FROZEN FINISHED SUSPENDED
      CONFIRMED      | ON_HOLD FINISHED              | ON_HOLD                           | FINISHED SUSPENDED MOVED_BACK FROZEN
      AT_HOOK        | CLEANED ON_HOLD               | ON_HOLD                           | MOVED_BACK FROZEN
      FINISHING      | ON_HOLD CLEANED FINISHED      | ON_HOLD                           | FINISHED FROZEN
      GOING_BACK     | CLEANED                       | MOVED_BACK ROLLBACK_FAILED        | MOVED_BACK ROLLBACK_FAILED
      GONE_BACK      | CLEANED                       | ON_HOLD                           | ON_HOLD
      """;

  /** All cells, each with its decisions. */
  static final Map<String, Set<String>> ALL = parsed();

  private final String place;
  private final boolean noReturn;
  private final int foreign;

  /**
   * Whether the record says that it waits at another split than is served: it had gone back and
   * could not record that.
   */
  private final boolean waitsElsewhere;

  private Optional<String> decision = Optional.empty();
  private boolean disturbed;

  private RecoveryCell(String place, boolean noReturn, int foreign, boolean waitsElsewhere) {
    this.place = place;
    this.noReturn = noReturn;
    this.foreign = foreign;
    this.waitsElsewhere = waitsElsewhere;
  }

  private static Map<String, Set<String>> parsed() {
    Map<String, Set<String>> cells = new TreeMap<>();
    for (String line : TABLE.lines().toList()) {
      String[] parts = line.split("\\|");
      for (int column = 1; column < parts.length; column++) {
        Set<String> decisions = new TreeSet<>(List.of(parts[column].strip().split(" +")));
        decisions.remove("-"); // This can't happen: before the first move there is no such split.
        cells.put(
            parts[0].strip() + " at " + List.of("BEGIN", "BETWEEN", "END").get(column - 1),
            decisions);
      }
    }
    return cells;
  }

  /** Every decision of every cell, as it is counted. */
  static List<String> names() {
    List<String> names = new ArrayList<>();
    ALL.forEach((place, all) -> all.forEach(one -> names.add("cell " + place + ": " + one)));
    Collections.sort(names);
    return names;
  }

  /** Returns the recovery that starts now, if a deployment was left open. */
  static Optional<RecoveryCell> of(World world) {
    StoredDocument stored = world.oracle.stored();
    return stored.open().isEmpty()
        ? Optional.empty()
        : Optional.of(
            new RecoveryCell(
                row(stored) + " at " + column(stored, world),
                stored.behindNoReturn(),
                world.foreignChanges,
                stored
                    .last()
                    .flatMap(StoredDocument.Line::split)
                    .filter(split -> row(stored).equals("WAITING"))
                    .filter(split -> !split.equals(world.proxy.running))
                    .isPresent()));
  }

  private static String row(StoredDocument stored) {
    Optional<StoredDocument.Line> recorded = stored.last();
    if (recorded.isEmpty()) {
      return "BEFORE_TRAFFIC";
    }
    StoredDocument.Line last = recorded.get();
    if (stored.failed() || last.mark().isUndo()) {
      return stored.lines().stream().anyMatch(line -> line.is(Written.UNDO_FACT, Journaled.MOVE))
          ? "GONE_BACK"
          : "GOING_BACK";
    }
    if (last.waits()) {
      return "WAITING";
    }
    boolean fact = last.mark() == Written.FACT;
    return switch (last.phase()) {
      case SHIFT ->
          last.is(Written.FACT, Journaled.MOVE) && last.split().equals(stored.to())
              ? "MOVED"
              : "MOVING";
      case CONFIRM -> fact ? "CONFIRMED" : "MOVED";
      case BAKE -> "CONFIRMED";
      case FINISH -> last.kind() != Journaled.HOOK ? "FINISHING" : fact ? "CONFIRMED" : "AT_HOOK";
      case DRAIN -> "FINISHING";
      default -> "BEFORE_TRAFFIC";
    };
  }

  private static String column(StoredDocument stored, World world) {
    Optional<TrafficSplit> serves = Optional.of(world.proxy.running);
    if (world.proxy.down) {
      return "DOWN";
    }
    return serves.equals(stored.from()) || wentBack(stored, world.proxy.running)
        ? "BEGIN"
        : serves.equals(stored.to())
            ? "END"
            : stored.lines().stream().anyMatch(line -> line.split().equals(serves))
                ? "BETWEEN"
                : "ELSEWHERE";
  }

  /**
   * Whether the services went back, apart from those for which nothing was live before: such a
   * service stays.
   */
  private static boolean wentBack(StoredDocument stored, TrafficSplit serves) {
    List<String> others =
        serves.services().stream().filter(service -> !stored.unassigned(service)).toList();
    return row(stored).equals("GONE_BACK")
        && !others.isEmpty()
        && stored.from().filter(from -> alike(from, serves, others)).isPresent();
  }

  private static boolean alike(TrafficSplit one, TrafficSplit other, List<String> services) {
    return services.stream()
        .allMatch(service -> one.share(service, Color.GREEN) == other.share(service, Color.GREEN));
  }

  /** Notes that something went wrong during the recovery, so that another decision may be right. */
  void disturbed() {
    disturbed |= decision.isEmpty();
  }

  void told(DeploymentEvent event) {
    if (event instanceof ProgressEvent.CarriedOn) {
      decided("SUSPENDED");
    } else if (event instanceof DeploymentEvent.Warned
        && event.describe().contains("recovered first: ")) {
      decided(event.describe().replaceAll("(?s).*recovered first: (\\w+).*", "$1"));
    }
  }

  void refused(BlueGreenException refusal) {
    if (refusal instanceof DeploymentSuspendedException) {
      decided("SUSPENDED");
    } else if (String.valueOf(refusal.getMessage()).contains("is on hold: ")) {
      decided("ON_HOLD");
    }
  }

  void decided(String what) {
    decision = decision.or(() -> Optional.of(what));
  }

  /** Counts the decision, and checks that the table has it. */
  void judge(World world, Tally tally) {
    if (decision.isEmpty()) {
      return;
    }
    String taken = decision.get();
    tally.add("cell " + place + ": " + taken, 1);
    boolean failedBack = taken.equals("ROLLBACK_FAILED");
    boolean obstacle =
        taken.equals("ON_HOLD")
            && (waitsElsewhere
                || world.disk.replaced
                || world.foreignChanges > 0
                || world.hookWasMissing
                || world.struck.containsKey(Fault.INTERRUPTED)
                || world.struck.containsKey(Fault.CLOSED));
    Set<String> allowed = ALL.getOrDefault(place, Set.of("ON_HOLD"));
    if (!disturbed
        && foreign == world.foreignChanges
        && !allowed.contains(taken)
        && !obstacle
        && !failedBack
        && !(noReturn && taken.equals("FROZEN"))) {
      world.broken(1, "a decision that its cell of the table does not have", place + ": " + taken);
    }
  }
}
