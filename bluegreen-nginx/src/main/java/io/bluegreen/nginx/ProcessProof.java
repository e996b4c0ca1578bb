package io.bluegreen.nginx;

import io.bluegreen.support.Command;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** By the titles of nginx's processes. */
final class ProcessProof implements Proof {
  private static final Duration KILL_LIMIT = Duration.ofSeconds(5);

  private final Workers workers;
  private final Set<Long> former;
  private final Generation generation;
  private boolean toAssist;

  ProcessProof(Workers workers, Generation generation, boolean assist) {
    this.workers = workers;
    this.former = workers.accepting();
    this.generation = generation;
    this.toAssist = assist;
  }

  @Override
  public boolean holds() throws IOException, InterruptedException {
    Set<Long> now = workers.accepting();
    boolean moved = now.stream().noneMatch(former::contains) && !now.isEmpty();
    if (!moved && toAssist && now.size() >= 2 * former.size() && generation.answers()) {
      quit();
    }
    return moved && generation.answers();
  }

  /** Once the new ones serve, as the manual says for single workers; the master reaps them. */
  private void quit() throws IOException, InterruptedException {
    toAssist = false;
    List<String> argv = new ArrayList<>(List.of("kill", "-QUIT"));
    former.forEach(pid -> argv.add(String.valueOf(pid)));
    Command.of(argv).run(KILL_LIMIT);
  }
}
