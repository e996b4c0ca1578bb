package io.bluegreen.examples.kill;

import io.bluegreen.RecoveryReport.Decision;
import java.util.ArrayList;
import java.util.List;

/**
 * Checks what became of production that somebody had started by hand: it runs until it is told to
 * end, and it is told so only once it is adopted.
 */
final class ProductionAftermath {
  private final ProxyStand stand;
  private final KilledStory story;
  private final List<CommandTrace> traces;
  private final List<String> wrong = new ArrayList<>();

  /**
   * @param traces of all hosts, the one that recovered included
   */
  ProductionAftermath(ProxyStand stand, KilledStory story, List<CommandTrace> traces) {
    this.stand = stand;
    this.story = story;
    this.traces = traces;
  }

  /** Lets a host that has recovered adopt what is not adopted yet; returns what is wrong. */
  List<String> settled(HostJvm host, ExpectedRecovery row) throws Exception {
    requireNoEndUntold();
    switch (story) {
      case ADOPTING -> {
        requireNothingMoved();
        boolean whole =
            row.decided() == Decision.FINISHED || row.effect().startsWith("store.save end");
        List<String> known = whole ? List.of("blue " + HandMadeProduction.VERSION) : List.of();
        FoundStatus found = FoundStatus.of(host.asked("status"));
        for (String service : List.of("web", KilledStory.JOBS)) {
          require(
              found.running(service).equals(known),
              "known of " + service + " is to be " + known + ", but is " + found.running(service));
        }
        adopted(host, "adopt", whole ? "ALREADY_LIVE" : "COMPLETED");
      }
      case NOT_ADOPTED -> {
        requireNothingMoved();
        HostJvm.Answer refused = host.asked("deploy " + stand.newVersion());
        String why = refused.text("reason");
        require(
            refused.text("outcome").equals("REJECTED")
                && why.contains("Stop what runs there")
                && why.contains("Operation.adopt(release).on(Color.BLUE).service(\"web\")"),
            "what nobody has adopted was not in the way: " + refused);
        require(
            stand.produced().contains("web/blue"), "production ended, and nobody had adopted it");
        adopted(host, "adoptFormer", "COMPLETED");
      }
      default -> {}
    }
    requireNoEndUntold();
    return wrong;
  }

  /** Returns what is wrong once a deployment needed its slots, or was to stop what was live. */
  List<String> replaced() {
    List<String> left = stand.produced();
    return left.isEmpty() ? left : List.of("replaced, and not stopped: " + left);
  }

  private void adopted(HostJvm host, String command, String outcome) throws Exception {
    HostJvm.Answer answer = host.asked(command + " " + HandMadeProduction.VERSION);
    require(answer.text("outcome").equals(outcome), "adopted after the kill: " + answer);
  }

  private void requireNoEndUntold() {
    for (String slot : List.of("web/blue", KilledStory.JOBS + "/blue")) {
      boolean told = traces.stream().anyMatch(trace -> trace.began("launcher.stop", slot));
      boolean there = story.hasJobs() || slot.startsWith("web");
      require(
          !there || told || stand.produced().contains(slot),
          slot + " ended, and nobody had told it to");
    }
  }

  private void requireNothingMoved() {
    require(
        traces.stream().noneMatch(trace -> trace.has(">", "router.apply#1")),
        "the traffic was moved");
    require(
        traces.stream().noneMatch(trace -> trace.has(">", "launcher.stop#1")),
        "something was stopped");
    require(
        traces.stream().noneMatch(trace -> trace.has(">", "launcher.launch#1")),
        "something was launched");
  }

  private void require(boolean so, String otherwise) {
    if (!so) {
      wrong.add(otherwise);
    }
  }
}
