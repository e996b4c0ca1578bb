package io.bluegreen.nginx;

import io.bluegreen.TimeSource;
import io.bluegreen.support.Command;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Proves by the titles of nginx's processes that no worker which accepted before the reload still
 * does.
 *
 * <p>A worker may die before nginx reads its configuration again. nginx replaces it by a worker
 * that serves the former configuration and that nobody has seen. It shows as more workers than
 * there were, until it is told to quit with the others. There may also be more of them because the
 * new configuration says so; then they have to stay the same for longer than nginx lets both
 * generations accept.
 */
final class ProcessProof implements Proof {
  private static final Duration KILL_LIMIT = Duration.ofSeconds(5);

  private final NginxWorkers workers;
  private final Set<Long> former;
  private final AwaitedGeneration generation;
  private final TimeSource time;
  private boolean toAssist;
  private Set<Long> last = Set.of();
  private Duration since;

  ProcessProof(
      NginxWorkers workers, AwaitedGeneration generation, boolean assist, TimeSource time) {
    this.workers = workers;
    this.former = workers.accepting();
    this.generation = generation;
    this.toAssist = assist;
    this.time = time;
    this.since = time.elapsed();
  }

  @Override
  public boolean holds() throws IOException, InterruptedException {
    Set<Long> now = workers.accepting();
    if (!now.equals(last)) {
      last = now;
      since = time.elapsed();
    }
    boolean moved = now.stream().noneMatch(former::contains) && !now.isEmpty();
    if (toAssist && now.containsAll(former) && now.size() >= 2 * former.size()) {
      quit();
    }
    return moved
        && (now.size() <= former.size() || isSettled())
        && generation.answers()
        && workers.accepting().equals(now); // The one that answered may have come after the look.
  }

  private boolean isSettled() {
    return time.elapsed().minus(since).compareTo(QuietProof.WINDOW) >= 0;
  }

  /**
   * Tells the former workers to quit once the new ones are there; these have their title when they
   * are ready to serve. nginx would tell the former ones the same, after 100 ms. An answer of a new
   * one is not waited for, because an idle nginx hands all connections to the workers that were
   * there first.
   */
  private void quit() throws IOException, InterruptedException {
    toAssist = false;
    List<String> argv = new ArrayList<>(List.of("kill", "-QUIT"));
    former.forEach(pid -> argv.add(String.valueOf(pid)));
    Command.of(argv).run(KILL_LIMIT);
  }
}
