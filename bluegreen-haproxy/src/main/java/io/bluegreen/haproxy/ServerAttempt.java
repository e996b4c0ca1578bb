package io.bluegreen.haproxy;

import io.bluegreen.Slot;
import io.bluegreen.Switch;
import io.bluegreen.haproxy.RuntimeApiException.Kind;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * One switch in server mode: it writes the record, and sends a command for each weight that is to
 * change.
 */
final class ServerAttempt implements RoutingMode.Attempt {
  private final ServerMode mode;
  private final StateFile file;
  private final Switch change;
  private final StateFile.Content former;
  private final String content;

  /** The servers of the process from which this switch was made; used once. */
  private ServersByBackend seen;

  ServerAttempt(
      ServerMode mode,
      StateFile file,
      Switch change,
      StateFile.Content former,
      List<String> state) {
    this.mode = mode;
    this.file = file;
    this.change = change;
    this.former = former;
    Map<String, Integer> weights = new TreeMap<>();
    ServersByBackend servers = ServersByBackend.of(ServerState.parse(state));
    this.seen = servers;
    for (Slot slot : GroupServers.slots(mode)) {
      for (ServerState server : servers.of(mode.target(slot))) {
        weights.put(
            server.backend() + "/" + server.server(), mode.weight(slot, change.to(), servers));
      }
    }
    this.content = StateFile.render(mode.group(), state, weights, change);
  }

  @Override
  public void record() throws IOException {
    file.record().write(former.text(), content);
  }

  @Override
  public void restore() throws IOException {
    file.record().restore(former.text());
  }

  @Override
  public void serve(RuntimeApi worker) {
    // They are not read twice: a process that has started since has the file, and takes the same
    // weights.
    List<Step> steps = steps(seen.isEmpty() ? GroupServers.servers(mode, worker) : seen);
    seen = ServersByBackend.NONE;
    try {
      steps.forEach(
          step -> worker.setWeight(step.server().backend(), step.server().server(), step.weight()));
    } catch (RuntimeApiException e) {
      // This is a former worker. It takes no command, which is why NO_STALE is not promised.
      if (e.refusal().equals(Optional.of(Refusal.PROXY_DISABLED))) {
        return;
      }
      throw e;
    }
    if (!steps.isEmpty() && !steps(GroupServers.servers(mode, worker)).isEmpty()) {
      throw RuntimeApiException.broken(
          Kind.NOT_UNDERSTOOD,
          true,
          worker
              + ": the weights read back otherwise than they were set; is a server in drain or"
              + " maintenance, or does somebody else set them?",
          null);
    }
  }

  /**
   * Returns first the weights that grow, then those that shrink, so that at no moment there is no
   * server.
   */
  private List<Step> steps(ServersByBackend servers) {
    List<Step> grow = new ArrayList<>();
    List<Step> shrink = new ArrayList<>();
    for (Slot slot : GroupServers.slots(mode)) {
      for (ServerState server : servers.of(mode.target(slot))) {
        Step step = new Step(server, mode.weight(slot, change.to(), servers));
        if (step.weight() != server.weight()) {
          (step.grows() ? grow : shrink).add(step);
        }
      }
    }
    grow.addAll(shrink);
    return grow;
  }

  @Override
  public List<String> describe(RuntimeApi worker) {
    List<String> plan = new ArrayList<>(MapPlan.diff(file.record().path(), former.text(), content));
    steps(GroupServers.servers(mode, worker)).forEach(step -> plan.add(step.toString()));
    plan.add("show servers state");
    return plan;
  }

  /** One command that is to be given. */
  private record Step(ServerState server, int weight) {
    boolean grows() {
      return weight > server.weight();
    }

    @Override
    public String toString() {
      return "set server " + server.backend() + "/" + server.server() + " weight " + weight;
    }
  }
}
