package io.bluegreen.examples.kill;

import static io.bluegreen.examples.kill.ExpectedRecovery.Served.BOTH;
import static io.bluegreen.examples.kill.ExpectedRecovery.Served.CANDIDATE;
import static io.bluegreen.examples.kill.ExpectedRecovery.Served.LIVE;

import io.bluegreen.Color;
import io.bluegreen.RecoveryReport.Decision;
import io.bluegreen.TimeSource;
import io.bluegreen.TrafficSplit;
import io.bluegreen.examples.demo.DemoAnswer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/** Checks what the next host finds and does after a kill. */
final class Aftermath {
  private static final int ASKED = 12;

  /** Of so many requests the chance that none goes to a quarter is one in thirty million. */
  private static final int ASKED_OF_BOTH = 60;

  private final ProxyStand stand;
  private final KilledStory story;
  private final String live;
  private final String candidate;
  private final List<CommandTrace> traces;
  private final CommandTrace last;
  private final TimeSource time;
  private final List<String> wrong = new ArrayList<>();

  /**
   * @param live colour and version of what was live; empty if nothing was
   * @param candidate colour and version of what was to be live
   * @param traces of the hosts that were killed; the last one is what counts
   */
  Aftermath(
      ProxyStand stand,
      KilledStory story,
      String live,
      String candidate,
      List<CommandTrace> traces,
      TimeSource time) {
    this.stand = stand;
    this.story = story;
    this.live = live;
    this.candidate = candidate;
    this.traces = new ArrayList<>(traces);
    this.last = traces.get(traces.size() - 1);
    this.time = time;
  }

  /** Returns everything that is not as it has to be. */
  List<String> wrong() {
    return List.copyOf(wrong);
  }

  /** Lets the next host find out, and looks at what it does; returns that for a person. */
  String judge() throws Exception {
    Optional<byte[]> state = SavedState.in(stand.state());
    Optional<String> open = state.flatMap(SavedState::open);
    List<ExpectedRecovery> rows = expected(state);
    requireSurvivors(rows);
    boolean moved = stand.ask(1).get(0).status() == 200;
    HostJvm host = story.beginning().once() ? stand.lastHost() : stand.host();
    if (!stand.routing().outlivesItsHost()) {
      int green = FoundStatus.of(host.asked("status")).green();
      long acknowledged = state.flatMap(SavedState::acknowledged).orElse(0L);
      require(
          green == acknowledged,
          "it started with " + green + "% green, acknowledged was " + acknowledged + "%");
    }
    HostJvm.Answer report = host.asked("recover");
    traces.add(host.trace());
    String decision = report.text("decision");
    ExpectedRecovery row =
        rows.stream()
            .filter(one -> one.decided().name().equals(decision))
            .findFirst()
            .orElse(rows.get(0));
    require(
        row.decided().name().equals(decision),
        "expected " + rows.stream().map(ExpectedRecovery::decided).toList() + ", but " + report);
    require(
        story != KilledStory.FIRST || !moved || row.served() == CANDIDATE,
        "nothing serves any more");
    serve(row.served(), report);
    requireTold(row, report, open, host);
    if (row.decided() == Decision.SUSPENDED) {
      require(
          host.asked("deploy " + stand.newVersion()).toString().contains("Suspended"),
          "another deployment was not refused");
      require(
          host.asked("carryOn").text("outcome").equals("PROMOTED"), "it could not be carried on");
      serve(CANDIDATE, report);
    }
    ProductionAftermath production = new ProductionAftermath(stand, story, traces);
    if (story.beginning().production()) {
      wrong.addAll(production.settled(host, row));
    }
    requireOrder(host, row);
    deployOnceMore(host);
    if (story.beginning().production()) {
      wrong.addAll(production.replaced());
    }
    return row.served() + " " + decision;
  }

  /** Returns what may be so, by what the killed one had done: one row, or two within a switch. */
  private List<ExpectedRecovery> expected(Optional<byte[]> state) {
    List<String> done = last.done();
    Optional<CommandTrace.Line> underWay = last.underWay();
    if (underWay.isEmpty()) {
      return List.of(row(done));
    }
    List<String> withIt = new ArrayList<>(done);
    withIt.add(underWay.get().what());
    if (underWay.get().call().startsWith("store.save")) {
      boolean saved = state.map(SavedState::digest).equals(Optional.of(underWay.get().detail()));
      return List.of(row(saved ? withIt : done));
    }
    return List.of(row(done), row(withIt)).stream().distinct().toList();
  }

  private ExpectedRecovery row(List<String> done) {
    return story.expected(done, stand.routing().outlivesItsHost());
  }

  /** What served when the host was killed serves on, whatever happened to its host. */
  private void requireSurvivors(List<ExpectedRecovery> rows) {
    List<String> launched = stand.launched("web");
    List<String> jobs = stand.launched(KilledStory.JOBS);
    require(jobs.size() <= 1, "two of the background service: " + jobs);
    if (story != KilledStory.FIRST) {
      require(
          launched.contains(live) || rows.get(0).served() == CANDIDATE,
          "the live colour ended with the host: " + launched);
    }
  }

  private void serve(ExpectedRecovery.Served served, HostJvm.Answer report) {
    boolean nothing = served == LIVE && story == KilledStory.FIRST;
    if (!nothing) {
      TrafficSplit split =
          served == BOTH
              ? HostJvm.split(report.text("serving"))
              : HostJvm.split(
                  color(served == LIVE ? live : candidate).equals("green") ? "100" : "0");
      stand.served(split);
      stand.letUsersCome();
    }
    List<String> answered =
        stand.ask(served == BOTH ? ASKED_OF_BOTH : ASKED).stream()
            .map(Aftermath::shown)
            .distinct()
            .sorted()
            .toList();
    List<String> expected =
        switch (served) {
          case LIVE -> nothing ? List.of() : List.of(live);
          case CANDIDATE -> List.of(candidate);
          case BOTH -> List.copyOf(new TreeSet<>(List.of(live, candidate)));
        };
    boolean as =
        nothing
            ? answered.stream()
                .noneMatch(answer -> answer.startsWith("blue") || answer.startsWith("green"))
            : answered.equals(expected);
    require(as, "expected to be served by " + expected + ", but it was " + answered);
  }

  private void requireTold(
      ExpectedRecovery row, HostJvm.Answer report, Optional<String> open, HostJvm host)
      throws Exception {
    String told = report.toString();
    if (row.decided() == Decision.NOTHING) {
      require(report.text("found").equals("nothing was left open"), "it told " + told);
      require(open.isEmpty(), "something was open: " + open);
      return;
    }
    require(
        open.isPresent() && report.text("id").equals(open.get()), "not of " + open + ": " + told);
    require(
        report.text("found").contains("left open by a process that is gone"), "it told " + told);
    if (row.decided() != Decision.SUSPENDED) {
      String outcome = row.decided() == Decision.FINISHED ? story.finished().name() : "ABORTED";
      require(report.text("done").contains("closed as " + outcome), "it told " + told);
      FoundStatus found = FoundStatus.of(host.asked("status"));
      require(
          open.flatMap(found::outcome).equals(Optional.of(outcome)),
          "the history says " + found.history());
    }
    boolean began = any(">", "migrate.run#1");
    boolean back = row.decided() == Decision.CLEANED || row.decided() == Decision.MOVED_BACK;
    require(!(began && back) || any("<", "migrate.undo#1"), "the hook was not undone");
  }

  private boolean any(String mark, String what) {
    return traces.stream().anyMatch(trace -> trace.has(mark, what));
  }

  /** Nobody holds anything, nothing runs that nobody knows of, and what is to run does. */
  private void requireOrder(HostJvm host, ExpectedRecovery row) throws Exception {
    FoundStatus found = FoundStatus.of(host.asked("status"));
    require(found.unrest().isEmpty(), "not at rest: " + found.unrest());
    List<String> launched = stand.launched("web");
    require(
        launched.equals(found.running("web")),
        "known are " + found.running("web") + ", but run " + launched);
    boolean gone = row.served() == LIVE && story != KilledStory.ROLLBACK;
    require(!gone || !launched.contains(candidate), "an orphan: " + launched);
    require(
        story == KilledStory.FIRST
            || row.served() == CANDIDATE
            || launched.contains(live)
            || row.served() == BOTH,
        "live is gone: " + launched);
    require(
        !(row.served() == CANDIDATE) || launched.contains(candidate),
        "candidate is gone: " + launched);
    requireJobs(host, row.served() == LIVE ? live : candidate);
    requireNoHelpers();
  }

  /** Of the background service runs one, where the traffic is, and never were there two. */
  private void requireJobs(HostJvm host, String served) throws Exception {
    if (!story.hasJobs()) {
      return;
    }
    List<String> one = List.of(served);
    FoundStatus found = FoundStatus.of(host.asked("status"));
    require(
        stand.launched(KilledStory.JOBS).equals(one)
            && found.running(KilledStory.JOBS).equals(one)
            && found.live(KilledStory.JOBS).equals(Optional.of(served)),
        "of the background service is to run "
            + served
            + ", but run "
            + stand.launched(KilledStory.JOBS)
            + ", known are "
            + found.running(KilledStory.JOBS)
            + ", live is "
            + found.live(KilledStory.JOBS));
    require(!stand.hadTwoOfJobs(), "two of the background service ran at a time");
  }

  /** A reload that a killed host had begun ends by itself, soon. */
  private void requireNoHelpers() throws InterruptedException {
    Duration end = time.elapsed().plus(Duration.ofSeconds(10));
    Map<Long, String> helpers = stand.helpers();
    while (!helpers.isEmpty() && time.elapsed().compareTo(end) < 0) {
      time.sleep(Duration.ofMillis(50));
      helpers = stand.helpers();
    }
    require(helpers.isEmpty(), "hosts have left " + helpers);
  }

  private void deployOnceMore(HostJvm host) throws Exception {
    String version = stand.newVersion();
    String command = story.beginning().production() ? "retire " : "deploy ";
    HostJvm.Answer answer = host.asked(command + version);
    require(answer.text("outcome").equals("PROMOTED"), "the next deployment: " + answer);
    stand.letUsersCome();
    List<String> answered = stand.ask(ASKED).stream().map(Aftermath::shown).distinct().toList();
    require(
        answered.size() == 1 && answered.get(0).endsWith(" " + version),
        "after the next deployment it was served by " + answered);
    requireJobs(host, answered.get(0));
    stand.leave(host);
  }

  private void require(boolean so, String otherwise) {
    if (!so) {
      wrong.add(otherwise);
    }
  }

  private static String shown(DemoAnswer answer) {
    return answer.status() == 200
        ? answer.color().map(Color::label).orElse("?") + " " + answer.version()
        : "status " + answer.status();
  }

  private static String color(String slot) {
    return slot.split(" ")[0];
  }
}
