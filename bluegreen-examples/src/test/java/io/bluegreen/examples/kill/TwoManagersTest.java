package io.bluegreen.examples.kill;

import static org.assertj.core.api.Assertions.assertThat;

import io.bluegreen.TimeSource;
import io.bluegreen.examples.demo.DemoAnswer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Lets two hosts deploy at once on one group, in an nginx that has users. The quick form has few
 * rounds; {@code -Dbluegreen.duel=full} has 180 of two hosts that live on, and 20 of fresh ones.
 */
@Tag("long")
class TwoManagersTest {
  private static final boolean FULL = System.getProperty("bluegreen.duel", "quick").equals("full");
  private static final int ROUNDS = FULL ? 180 : 6;
  private static final int FRESH_ROUNDS = FULL ? 20 : 1;
  private static final int ASKED = 12;

  private final Map<String, Integer> counts = new TreeMap<>();

  @Test
  void oneOfTwoActsAndTheOtherIsToldWho() throws Exception {
    try (TimeSource time = TimeSource.system();
        ProxyStand stand = new ProxyStand(Routing.NGINX_LIVE, false, time)) {
      HostJvm one = stand.host();
      HostJvm other = stand.host();
      HostJvm.Answer first = one.asked("deploy " + stand.newVersion());
      assertThat(first.text("outcome")).as("%s", first).isEqualTo("PROMOTED");
      stand.letUsersCome();
      for (int i = 0; i < ROUNDS; i++) {
        round(stand, i % 2 == 0 ? List.of(one, other) : List.of(other, one));
      }
      one.close();
      other.close();
      for (int i = 0; i < FRESH_ROUNDS; i++) {
        List<HostJvm> fresh = List.of(stand.host(), stand.host());
        round(stand, fresh);
        fresh.forEach(HostJvm::close);
      }
      stand.letUsersGo();
      System.out.println(
          "two managers: "
              + ROUNDS
              + " + "
              + FRESH_ROUNDS
              + " rounds, "
              + counts
              + ", requests "
              + stand.totals().requests());
      assertThat(stand.totals().failed()).as("%s", stand.totals().failures()).isZero();
      assertThat(stand.totals().stale()).isZero();
      assertThat(stand.totals().requests()).isPositive();
    }
    assertThat(counts.getOrDefault("refused", 0)).isPositive();
  }

  private void round(ProxyStand stand, List<HostJvm> hosts) throws Exception {
    Instant began = Instant.now();
    List<String> versions = List.of(stand.newVersion(), stand.newVersion());
    for (int i = 0; i < 2; i++) {
      hosts.get(i).ask("deploy " + versions.get(i));
    }
    List<HostJvm.Answer> answers = new ArrayList<>();
    for (HostJvm host : hosts) {
      answers.add(host.answer());
    }
    List<Integer> winners = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      if (answers.get(i).kind().equals("result")) {
        assertThat(answers.get(i).text("outcome")).as("%s", answers).isEqualTo("PROMOTED");
        winners.add(i);
      }
    }
    assertThat(winners).as("%s", answers).isNotEmpty();
    if (winners.size() == 1) {
      int winner = winners.get(0);
      requireTold(
          answers.get(1 - winner),
          hosts.get(1 - winner),
          hosts.get(winner),
          answers.get(winner),
          began);
      count("refused");
      count(winner == 0 ? "first asked won" : "second asked won");
      requireServed(stand, List.of(versions.get(winner)));
    } else {
      count("one after the other"); // The store was never theirs at once: see the acting mark.
      requireServed(stand, versions);
    }
    assertThat(FoundStatus.of(hosts.get(0).asked("status")).unrest()).isEmpty();
    assertThat(MarkedProcesses.launched(stand.groupName())).hasSizeLessThanOrEqualTo(2);
  }

  private static void requireTold(
      HostJvm.Answer told, HostJvm loser, HostJvm winner, HostJvm.Answer result, Instant began)
      throws Exception {
    assertThat(told.kind()).as("%s", told).isEqualTo("in progress");
    assertThat(told.text("pid")).isEqualTo(Long.toString(winner.pid()));
    assertThat(told.text("id")).isEqualTo(result.text("id"));
    assertThat(told.text("host")).isEqualTo(winner.asked("host").text("host"));
    assertThat(Instant.parse(told.text("since"))).isBetween(began, Instant.now());
    assertThat(told.text("message"))
        .contains(told.text("group"))
        .contains("deployment " + result.text("id"))
        .contains("pid " + winner.pid() + " on " + told.text("host"))
        .contains("since " + told.text("since"));
    assertThat(loser.trace().done())
        .as("what the loser did")
        .isSubsetOf("router.open#1", "store.acquire#1");
  }

  /** One colour, and the version of one who won. */
  private static void requireServed(ProxyStand stand, List<String> versions) {
    List<DemoAnswer> answers = stand.ask(ASKED).stream().distinct().toList();
    assertThat(answers).hasSize(1);
    assertThat(answers.get(0).version()).isIn(versions);
  }

  private void count(String what) {
    counts.merge(what, 1, Integer::sum);
  }
}
