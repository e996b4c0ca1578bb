package io.bluegreen.nginx;

import io.bluegreen.TimeSource;
import io.bluegreen.support.Command;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * By the titles of nginx's processes: none of those that accepted before the reload still does.
 *
 * <p>A worker that dies before nginx reads its configuration again is replaced by one that nobody
 * had seen, and that reads the former one. It shows as more workers than there were, until it is
 * told to quit with the others. Where there are more of them because nginx was told so, they have
 * to stay the same for longer than it lets both generations accept.
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
        && workers.accepting().equals(now); // Who has answered may have come after the look.
  }

  private boolean isSettled() {
    return time.elapsed().minus(since).compareTo(QuietProof.WINDOW) >= 0;
  }

  /**
   * Once the new ones are there, which have their title when they are ready to serve: nginx will
   * tell the former ones the same, 100 ms after it began. That a new one answers is not waited for,
   * because an idle nginx hands all connections to those that came first.
   */
  private void quit() throws IOException, InterruptedException {
    toAssist = false;
    List<String> argv = new ArrayList<>(List.of("kill", "-QUIT"));
    former.forEach(pid -> argv.add(String.valueOf(pid)));
    Command.of(argv).run(KILL_LIMIT);
  }
}
