package io.bluegreen.haproxy;

import io.bluegreen.Color;
import io.bluegreen.Drift;
import io.bluegreen.Group;
import io.bluegreen.RouterTruth;
import io.bluegreen.Service;
import io.bluegreen.Slot;
import io.bluegreen.Switch;
import io.bluegreen.TrafficSplit;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Spells a split by weights: each service has one backend with the servers of both colours, which
 * differ in the start of their names. The weights that grow are set before those that shrink, so
 * that at no moment a service has no server. A server-state file makes it durable.
 */
final class ServerMode implements RoutingMode {
  private final Group group;
  private final StateFile file;

  ServerMode(Group group, RecordFile stateFile) {
    this.group = group;
    this.file = new StateFile(stateFile);
  }

  @Override
  public RecordFile file() {
    return file.record();
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
  public void check(OpenInspection seen, OpenFindings findings) throws IOException {
    file.record().check();
    StateFile.Content content = file.read();
    file.record().requireOwner(group, content.owner());
    new ServerChecks(this, seen, content.owner().isPresent()).run(findings);
  }

  @Override
  public Served served(RuntimeApi worker) {
    try {
      return served(GroupServers.servers(this, worker), file.read());
    } catch (IOException e) {
      throw RuntimeApiException.unreachable("the record can't be read: " + e.getMessage(), e);
    }
  }

  Served served(ServersByBackend servers, StateFile.Content content) {
    Optional<TrafficSplit> split = split(servers);
    // In this mode HAProxy can't carry a generation; the record has the one of its own split.
    boolean ours = content.owner().isPresent();
    return new Served(
        split,
        ours ? content.generation() : 0,
        content.fence(),
        content.text().isPresent() ? Set.of() : untouched(servers),
        split.isEmpty()
            ? List.of(
                new Drift(Drift.Kind.MAINTENANCE, "a service has no server that takes requests"))
            : List.of());
  }

  @Override
  public String byHand() {
    return "give one colour of each service servers that take requests: 'set server"
        + " <service>/<server> state ready' and '... weight 100' through the admin socket";
  }

  @Override
  public Served durable(RuntimeApi worker) throws IOException {
    StateFile.Content content = file.read();
    ServersByBackend servers = GroupServers.servers(this, worker);
    return new Served(
        Optional.of(recorded(content, servers)),
        content.generation(),
        content.fence(),
        content.text().isPresent() ? Set.of() : untouched(servers),
        content.text().isEmpty()
            ? List.of()
            : file.record().defects(group, content.text(), content.owner()));
  }

  /**
   * Returns the recorded split. A service without a record starts by its configured weights, which
   * HAProxy tells.
   */
  private TrafficSplit recorded(StateFile.Content record, ServersByBackend servers) {
    Map<String, Integer> green = new TreeMap<>();
    for (Service service : group.routed()) {
      Target blues = target(slot(service, Color.BLUE));
      Target greens = target(slot(service, Color.GREEN));
      OptionalInt recorded = Weights.percent(record.servers(), blues, greens);
      green.put(
          service.name(),
          recorded.isPresent()
              ? recorded.getAsInt()
              : Weights.configured(servers, blues, greens).orElse(0));
    }
    return new TrafficSplit(green);
  }

  /**
   * Returns the services for which nobody has decided yet. A person who configures traffic for
   * green has decided; all to blue is the default.
   */
  private Set<String> untouched(ServersByBackend servers) {
    return group.routed().stream()
        .filter(
            service ->
                Weights.configured(
                            servers,
                            target(slot(service, Color.BLUE)),
                            target(slot(service, Color.GREEN)))
                        .orElse(0)
                    == 0)
        .map(Service::name)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private Optional<TrafficSplit> split(ServersByBackend servers) {
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

  /** Returns the truth with the generation of the record, because weights carry none. */
  private RouterTruth.Known found(
      Switch change, StateFile.Content record, ServersByBackend servers) {
    TrafficSplit durable = recorded(record, servers);
    Optional<TrafficSplit> runs =
        isHalfWay(change, durable, servers) ? Optional.of(change.from()) : split(servers);
    return new Served(runs, 0, record.fence(), Set.of(), List.of())
        .found(Optional.of(durable), record.fence(), byHand());
  }

  /**
   * Returns whether a process was killed between two commands of this switch: each weight is the
   * former or the next one, and the record has the next split. Such a switch may be finished, or
   * taken back.
   */
  private boolean isHalfWay(Switch change, TrafficSplit recorded, ServersByBackend servers) {
    List<TrafficSplit> either = List.of(change.from(), change.to());
    if (split(servers).filter(either::contains).isPresent() || !either.contains(recorded)) {
      return false;
    }
    for (Slot slot : GroupServers.slots(this)) {
      Set<Integer> known =
          new TreeSet<>(
              List.of(weight(slot, change.from(), servers), weight(slot, change.to(), servers)));
      if (servers.of(target(slot)).stream().anyMatch(server -> !known.contains(server.weight()))) {
        return false;
      }
    }
    return true;
  }

  @Override
  public Attempt attempt(Switch change, RuntimeApi api, Rule rule) throws IOException {
    StateFile.Content former = file.read();
    file.record().requireOwner(group, former.owner());
    List<String> state = api.queries().serverStateText(GroupServers.backends(this));
    ServersByBackend servers = ServersByBackend.of(ServerState.parse(state));
    ours(servers, server -> "");
    rule.check(found(change, former, servers), former.generation());
    possible(change, servers);
    return new ServerAttempt(this, file, change, former, state);
  }

  /**
   * Refuses weights that an agent sets: they do not stay as they are set here.
   *
   * @param where tells where a server's agent is configured, if that is known
   */
  void ours(ServersByBackend servers, Function<ServerState, String> where) {
    List<String> led =
        GroupServers.slots(this).stream()
            .flatMap(slot -> servers.of(target(slot)).stream())
            .filter(ServerState::obeysAgent)
            .map(server -> server.path() + where.apply(server))
            .toList();
    if (!led.isEmpty()) {
      throw OpenFindings.refused(
          "an agent sets the weights of "
              + led
              + " (agent-check), by which a switch would be undone",
          "remove 'agent-check' from these servers and from their default-server lines, and reload;"
              + " or use map mode");
    }
  }

  /**
   * Refuses a split that the servers can't make: a server that a person took out of service stays
   * out, and the shares must be right without it.
   */
  private void possible(Switch change, ServersByBackend servers) {
    for (Service service : group.routed()) {
      int wanted = change.to().share(service.name(), Color.GREEN);
      List<ServerState> blues = servers.of(target(slot(service, Color.BLUE)));
      List<ServerState> greens = servers.of(target(slot(service, Color.GREEN)));
      OptionalInt made = Weights.of(wanted, blues.size(), greens.size()).made(blues, greens);
      if (made.isEmpty() || made.getAsInt() != wanted) {
        throw OpenFindings.refused(
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

  int weight(Slot slot, TrafficSplit split, ServersByBackend servers) {
    int blues = servers.of(target(slot(slot.service(), Color.BLUE))).size();
    int greens = servers.of(target(slot(slot.service(), Color.GREEN))).size();
    return Weights.of(split.share(slot.service().name(), Color.GREEN), blues, greens)
        .of(slot.color());
  }

  private Slot slot(Service service, Color color) {
    return new Slot(group.name(), service, color);
  }
}
