package io.bluegreen.haproxy;

import io.bluegreen.Color;
import io.bluegreen.Drift;
import io.bluegreen.Group;
import io.bluegreen.RouterException;
import io.bluegreen.RouterException.Effect;
import io.bluegreen.Service;
import io.bluegreen.Slot;
import io.bluegreen.Switch;
import io.bluegreen.TrafficSplit;
import io.bluegreen.haproxy.RuntimeApiException.Kind;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * One backend per service with the servers of both colours, told apart by the beginning of their
 * names; the split is made of weights. The weights that grow are set before those that shrink, so
 * that at no moment a service has no server. A server-state file makes it durable.
 */
final class ServerScheme implements Scheme {
  private final Group group;
  private final StateFile file;
  private final Optional<Path> configuration;

  ServerScheme(Group group, Path stateFile, Optional<Path> configuration) {
    this.group = group;
    this.file = new StateFile(new RecordFile(stateFile));
    this.configuration = configuration;
  }

  @Override
  public Group group() {
    return group;
  }

  @Override
  public Target target(Slot slot) {
    return new Target(slot.service().name(), slot.color().label());
  }

  @Override
  public void check(RuntimeApi api, Findings findings) throws IOException {
    file.record().check();
    StateFile.Content content = file.read();
    file.record().admit(group, content.owner(), content.fence(), Long.MAX_VALUE);
    new ServerChecks(group, file.record().path(), configuration, content.owner().isPresent())
        .run(api, findings);
  }

  @Override
  public Served served(RuntimeApi worker) {
    return served(worker.servers());
  }

  private Served served(List<ServerState> servers) {
    Optional<TrafficSplit> split = split(servers);
    StateFile.Content content;
    try {
      content = file.read();
    } catch (IOException e) {
      throw RuntimeApiException.unreachable("the record can't be read: " + e.getMessage(), e);
    }
    // HAProxy can't carry a generation in this mode; the record has that of its own split.
    boolean ours = content.owner().isPresent();
    return new Served(
        split,
        ours ? content.generation() : 0,
        ours ? Set.of() : names(),
        split.isEmpty()
            ? List.of(
                new Drift(Drift.Kind.MAINTENANCE, "a service has no server that takes requests"))
            : List.of());
  }

  @Override
  public Served durable() throws IOException {
    StateFile.Content content = file.read();
    return new Served(
        Optional.of(recorded(content)),
        content.generation(),
        content.owner().isPresent() ? Set.of() : names(),
        content.text().isEmpty()
            ? List.of()
            : file.record().defects(group, content.text(), content.owner()));
  }

  /** Without a record a start serves the configured weights: blue, as everything unassigned. */
  private TrafficSplit recorded(StateFile.Content record) {
    return split(record.servers()).orElseGet(() -> TrafficSplit.all(group, Color.BLUE));
  }

  private Optional<TrafficSplit> split(List<ServerState> servers) {
    Map<String, Integer> green = new TreeMap<>();
    for (Service service : group.routed()) {
      OptionalInt percent =
          Weights.percent(
              servers, target(slot(service, Color.BLUE)), target(slot(service, Color.GREEN)));
      if (percent.isEmpty()) {
        return Optional.empty();
      }
      green.put(service.name(), percent.getAsInt());
    }
    return Optional.of(new TrafficSplit(green));
  }

  /**
   * A process that was killed between two commands has left weights of which each is the former or
   * the next one, and a record of the next: such a switch may be finished, or taken back.
   */
  private boolean begins(Switch change, StateFile.Content record, List<ServerState> servers) {
    List<TrafficSplit> either = List.of(change.from(), change.to());
    if (split(servers).filter(either::contains).isPresent()) {
      return true;
    }
    if (!either.contains(recorded(record))) {
      return false;
    }
    for (Slot slot : Targets.slots(this)) {
      Set<Integer> known =
          new TreeSet<>(
              List.of(weight(slot, change.from(), servers), weight(slot, change.to(), servers)));
      if (Targets.own(target(slot), servers).stream()
          .anyMatch(server -> !known.contains(server.weight()))) {
        return false;
      }
    }
    return true;
  }

  @Override
  public Attempt attempt(Switch change, RuntimeApi api) throws IOException {
    StateFile.Content former = file.read();
    file.record().admit(group, former.owner(), former.fence(), change.fence());
    List<String> state = api.serverStateText();
    possible(change, ServerState.parse(state));
    return new ServerAttempt(change, former, state);
  }

  /** What a person took out of service stays out, and must not make another share of the split. */
  private void possible(Switch change, List<ServerState> servers) {
    for (Service service : group.routed()) {
      int wanted = change.to().share(service.name(), Color.GREEN);
      List<ServerState> blues = Targets.own(target(slot(service, Color.BLUE)), servers);
      List<ServerState> greens = Targets.own(target(slot(service, Color.GREEN)), servers);
      OptionalInt made = Weights.of(wanted, blues.size(), greens.size()).made(blues, greens);
      if (made.isEmpty() || made.getAsInt() != wanted) {
        throw refused(
            wanted
                + "% green can't be made of weights for "
                + blues.size()
                + " blue and "
                + greens.size()
                + " green servers of "
                + service
                + (made.isEmpty()
                    ? ", for none that would get traffic is in service"
                    : ", the nearest is " + made.getAsInt() + "%")
                + "; in maintenance or drain are "
                + Stream.concat(blues.stream(), greens.stream())
                    .filter(server -> !server.inService())
                    .map(ServerState::server)
                    .toList(),
            "make them ready, choose another share, as many servers of either colour, or map mode");
      }
    }
  }

  private int weight(Slot slot, TrafficSplit split, List<ServerState> servers) {
    int blues = Targets.own(target(slot(slot.service(), Color.BLUE)), servers).size();
    int greens = Targets.own(target(slot(slot.service(), Color.GREEN)), servers).size();
    return Weights.of(split.share(slot.service().name(), Color.GREEN), blues, greens)
        .of(slot.color());
  }

  private Slot slot(Service service, Color color) {
    return new Slot(group.name(), service, color);
  }

  private Set<String> names() {
    return new TreeSet<>(group.routed().stream().map(Service::name).toList());
  }

  private static RouterException refused(String what, String remedy) {
    return new RouterException(what + "; remedy: " + remedy, Effect.UNCHANGED);
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

  private final class ServerAttempt implements Attempt {
    private final Switch change;
    private final StateFile.Content former;
    private final String content;
    private final Served running;
    private final boolean begins;

    /** What the process had that it was made from, until that is made use of. */
    private List<ServerState> seen;

    ServerAttempt(Switch change, StateFile.Content former, List<String> state) {
      this.change = change;
      this.former = former;
      Map<String, Integer> weights = new TreeMap<>();
      List<ServerState> servers = ServerState.parse(state);
      this.seen = servers;
      this.running = served(servers);
      this.begins = ServerScheme.this.begins(change, former, servers);
      for (Slot slot : Targets.slots(ServerScheme.this)) {
        for (ServerState server : Targets.own(target(slot), servers)) {
          weights.put(server.backend() + "/" + server.server(), weight(slot, change.to(), servers));
        }
      }
      this.content = StateFile.render(group, state, weights, change);
    }

    @Override
    public Served running() {
      return running;
    }

    @Override
    public boolean begins() {
      return begins;
    }

    @Override
    public long carried() {
      return former.generation();
    }

    @Override
    public void record() throws IOException {
      file.record().write(content);
    }

    @Override
    public void restore() throws IOException {
      file.record().restore(former.text());
    }

    @Override
    public void serve(RuntimeApi worker) {
      // Not read twice: a process that has started since has the file, and takes the same weights.
      List<Step> steps = steps(seen.isEmpty() ? worker.servers() : seen);
      seen = List.of();
      try {
        steps.forEach(
            step ->
                worker.setWeight(step.server().backend(), step.server().server(), step.weight()));
      } catch (RuntimeApiException e) {
        // A former worker: it can't be told, for which NO_STALE is not promised.
        if (e.refusal().equals(Optional.of(Refusal.PROXY_DISABLED))) {
          return;
        }
        throw e;
      }
      if (!steps.isEmpty() && !steps(worker.servers()).isEmpty()) {
        throw RuntimeApiException.broken(
            Kind.NOT_UNDERSTOOD,
            true,
            worker
                + ": the weights read back otherwise than they were set; is a server in drain or"
                + " maintenance, or does somebody else set them?",
            null);
      }
    }

    /** First all that grow, then all that shrink: no moment has no server. */
    private List<Step> steps(List<ServerState> servers) {
      List<Step> grow = new ArrayList<>();
      List<Step> shrink = new ArrayList<>();
      for (Slot slot : Targets.slots(ServerScheme.this)) {
        for (ServerState server : Targets.own(target(slot), servers)) {
          Step step = new Step(server, weight(slot, change.to(), servers));
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
      List<String> plan =
          new ArrayList<>(MapPlan.diff(file.record().path(), former.text(), content));
      steps(worker.servers()).forEach(step -> plan.add(step.toString()));
      plan.add("show servers state");
      return plan;
    }
  }
}
