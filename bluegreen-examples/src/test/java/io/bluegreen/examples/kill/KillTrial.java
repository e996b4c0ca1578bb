package io.bluegreen.examples.kill;

import io.bluegreen.Color;
import io.bluegreen.TimeSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Kills one host in a story, and lets the next host find out what happened. */
final class KillTrial {
  private final ProxyStand stand;
  private final KilledStory story;
  private final Map<String, Integer> usual;
  private final boolean learning;
  private final TimeSource time;
  private final List<CommandTrace> traces = new ArrayList<>();

  /**
   * @param usual how many files there are of each name when nobody was killed
   * @param learning whether this is such a time
   */
  KillTrial(
      ProxyStand stand,
      KilledStory story,
      Map<String, Integer> usual,
      boolean learning,
      TimeSource time) {
    this.stand = stand;
    this.story = story;
    this.usual = usual;
    this.learning = learning;
    this.time = time;
  }

  /**
   * How it ended. Immutable.
   *
   * @param result what was found, for a person
   * @param wrong what is not as it has to be; empty if all is
   */
  record Result(String result, List<String> wrong) {}

  /** Brings a host to where it is to be killed; returns what is wrong with that, else nothing. */
  interface Killing {
    String bring(HostJvm host, String command) throws Exception;
  }

  /** Tries it; then the stand is ready for the next one. */
  Result run(Killing killing) throws Exception {
    long failed = stand.totals().failed();
    long stale = stand.totals().stale();
    if (!stand.routing().outlivesItsHost()) {
      stand.letUsersGo();
    }
    HostJvm victim = stand.left();
    String live = "";
    String candidate = "green " + stand.newVersion();
    if (story == KilledStory.ADOPTING) {
      live = "blue " + HandMadeProduction.VERSION;
    } else if (story != KilledStory.FIRST) {
      FoundStatus before = FoundStatus.of(victim.asked("status"));
      live = before.live("web").orElseThrow();
      candidate =
          story == KilledStory.ROLLBACK
              ? before.idle("web").orElseThrow()
              : Color.of(live.split(" ")[0]).other().label() + " " + stand.newVersion();
      victim.asked("renew");
    }
    String version =
        story == KilledStory.ADOPTING ? HandMadeProduction.VERSION : candidate.split(" ")[1];
    if (story.before().isPresent()) {
      victim = afterKilling(victim, story.before().get(), version);
    }
    String missed = killing.bring(victim, story.command() + " " + version);
    traces.add(victim.kill());
    Aftermath aftermath = new Aftermath(stand, story, live, candidate, traces, time);
    String result = aftermath.judge();
    List<String> wrong = new ArrayList<>(aftermath.wrong());
    wrong.addAll(filesThatAreLeft());
    if (!missed.isEmpty()) {
      wrong.add(missed);
    }
    if (stand.totals().failed() > failed) {
      wrong.add(
          stand.totals().failed() - failed + " requests failed: " + stand.totals().failures());
    }
    if (stand.totals().stale() > stale && stand.routing().neverStale()) {
      wrong.add(stand.totals().stale() - stale + " requests were misrouted");
    }
    return new Result(result, wrong);
  }

  /** Returns what the host that was killed had told. */
  CommandTrace last() {
    return traces.get(traces.size() - 1);
  }

  private HostJvm afterKilling(HostJvm victim, KilledStory.Before before, String version)
      throws Exception {
    victim.standStillAt(before.point());
    victim.ask(before.command() + " " + version);
    if (!victim.standsStill()) {
      throw new IllegalStateException("did not come to " + before.point());
    }
    traces.add(victim.kill());
    return stand.host();
  }

  private List<String> filesThatAreLeft() throws Exception {
    Map<String, Integer> files = stand.files();
    if (learning) {
      files.forEach((name, count) -> usual.merge(name, count, Math::max));
    }
    List<String> left = new ArrayList<>(stand.temporaryFiles());
    files.forEach(
        (name, count) -> {
          if (count > usual.getOrDefault(name, 0)) {
            left.add(name);
          }
        });
    return left.isEmpty() ? left : List.of("files that are left: " + left);
  }
}
