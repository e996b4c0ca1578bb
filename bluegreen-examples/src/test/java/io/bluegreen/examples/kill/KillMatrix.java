package io.bluegreen.examples.kill;

import io.bluegreen.TimeSource;
import io.bluegreen.examples.kill.KillPoint.Position;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Kills hosts in one story on one router: first nobody, to learn which calls there are, then one
 * after the other at points of those calls and at random times.
 */
final class KillMatrix implements AutoCloseable {
  private final Routing routing;
  private final KilledStory story;
  private final Random random;
  private final PrintStream out;
  private final TimeSource time;
  private final Map<String, Integer> usualFiles = new TreeMap<>();
  private final List<Row> rows = new ArrayList<>();
  private List<ProxyStand> stand = List.of();
  private CommandTrace whole = new CommandTrace();

  /** One row of the table. Immutable. */
  record Row(
      Routing routing,
      KilledStory story,
      String point,
      String result,
      double seconds,
      List<String> wrong) {
    @Override
    public String toString() {
      return String.format(
              Locale.ROOT,
              "%-14s %-13s %-52s %-22s %4.1f s  %s",
              routing,
              story,
              point,
              result,
              seconds,
              wrong.isEmpty() ? "" : "WRONG: " + wrong)
          .stripTrailing();
    }
  }

  KillMatrix(Routing routing, KilledStory story, Random random, PrintStream out, TimeSource time) {
    this.routing = routing;
    this.story = story;
    this.random = random;
    this.out = out;
    this.time = time;
  }

  /** Kills nobody until all is done, and returns the points that there are. */
  List<KillPoint> learn() throws Exception {
    KillTrial trial = trial(true);
    tried(
        trial,
        "at its end",
        (host, command) -> {
          HostJvm.Answer answer = host.asked(command);
          return answer.kind().equals("failed") ? answer.toString() : "";
        });
    whole = trial.last();
    TreeSet<String> named = new TreeSet<>(story.milestones());
    named.removeAll(whole.done());
    if (!named.isEmpty()) {
      throw new IllegalStateException(
          "the expectations of "
              + story
              + " name what does not happen: "
              + named
              + "; it does "
              + whole.done());
    }
    List<KillPoint> points = new ArrayList<>();
    for (CommandTrace.Line line : whole.calls()) {
      points.add(new KillPoint(line.call(), line.occurrence(), Position.BEFORE));
      if (line.mark().equals(">")) {
        points.add(new KillPoint(line.call(), line.occurrence(), Position.INSIDE));
        points.add(new KillPoint(line.call(), line.occurrence(), Position.AFTER));
      }
    }
    out.println(routing + ", " + story + ": " + points.size() + " points");
    return points;
  }

  /** Kills at a point. */
  void kill(KillPoint point) throws Exception {
    boolean effect = whole.has("<", point.what());
    tried(
        trial(false),
        point.line(),
        (host, command) -> {
          host.standStillAt(point);
          host.ask(command);
          boolean stood = host.standsStill();
          if (point.position() == Position.INSIDE) {
            time.sleep(Duration.ofNanos((long) (random.nextDouble() * 1.2 * took(point))));
          }
          return stood || !effect ? "" : "it did not come to " + point;
        });
  }

  /** Kills at a random time. */
  void kill() throws Exception {
    Duration after = Duration.ofNanos((long) (random.nextDouble() * whole.took()));
    tried(
        trial(false),
        "after " + after.toMillis() + " ms of " + whole.took() / 1_000_000,
        (host, command) -> {
          host.ask(command);
          time.sleep(after);
          return "";
        });
  }

  List<Row> rows() {
    return rows;
  }

  private long took(KillPoint point) {
    return whole.calls().stream()
        .filter(line -> line.what().equals(point.what()))
        .mapToLong(whole::took)
        .findFirst()
        .orElse(0);
  }

  private void tried(KillTrial trial, String point, KillTrial.Killing killing) throws Exception {
    Duration begin = time.elapsed();
    String result = "";
    List<String> wrong;
    try {
      KillTrial.Result tried = trial.run(killing);
      result = tried.result();
      wrong = tried.wrong();
    } catch (IllegalStateException | java.util.NoSuchElementException e) {
      wrong = List.of(e.toString());
    }
    double seconds = time.elapsed().minus(begin).toMillis() / 1000.0;
    Row row = new Row(routing, story, point, result, seconds, wrong);
    rows.add(row);
    out.println(row);
    if (!wrong.isEmpty() || story.beginning().once()) {
      close(); // The next trial must not suffer from it.
    }
  }

  private KillTrial trial(boolean learning) throws Exception {
    if (stand.isEmpty()) {
      stand = List.of(new ProxyStand(routing, story.hasJobs(), time));
      if (story.beginning().production()) {
        stand.get(0).produce();
      }
      if (!story.beginning().commands().isEmpty()) {
        prepare(stand.get(0));
      }
    }
    return new KillTrial(stand.get(0), story, usualFiles, learning, time);
  }

  /** What is to have happened has, and users are there. */
  private void prepare(ProxyStand prepared) throws Exception {
    HostJvm host = prepared.host();
    for (String command : story.beginning().commands()) {
      boolean adopts = command.equals("adopt");
      String version = adopts ? HandMadeProduction.VERSION : prepared.newVersion();
      HostJvm.Answer answer = host.asked(command + " " + version);
      if (!answer.text("outcome").equals(adopts ? "COMPLETED" : "PROMOTED")) {
        throw new IllegalStateException("it can't be prepared: " + answer);
      }
      prepared.files().forEach((name, count) -> usualFiles.merge(name, count, Math::max));
    }
    if (routing.outlivesItsHost()) {
      prepared.letUsersCome();
    }
    prepared.leave(host);
  }

  @Override
  public void close() {
    stand.forEach(ProxyStand::close);
    stand = List.of();
  }

  /**
   * Returns some of the points; among them one that decides, and one inside of a call. A single one
   * is one of those by chance, or any.
   */
  List<KillPoint> some(List<KillPoint> points, int count) {
    List<KillPoint> shuffled = new ArrayList<>(points);
    Collections.shuffle(shuffled, random);
    List<KillPoint> telling = new ArrayList<>();
    shuffled.stream().filter(this::decides).findFirst().ifPresent(telling::add);
    shuffled.stream()
        .filter(point -> point.position() == Position.INSIDE)
        .findFirst()
        .ifPresent(telling::add);
    telling.add(shuffled.get(0));
    if (count == 1) {
      Collections.shuffle(telling, random);
    }
    telling.addAll(shuffled);
    return telling.stream().distinct().limit(count).toList();
  }

  private boolean decides(KillPoint point) {
    return point.position() == Position.AFTER && story.milestones().contains(point.what());
  }
}
