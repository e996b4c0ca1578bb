package io.bluegreen.haproxy;

import io.bluegreen.Color;
import io.bluegreen.Drift;
import io.bluegreen.Group;
import io.bluegreen.Guarantee;
import io.bluegreen.RouterException;
import io.bluegreen.RouterException.Effect;
import io.bluegreen.Service;
import io.bluegreen.Slot;
import io.bluegreen.Switch;
import io.bluegreen.TrafficSplit;
import io.bluegreen.haproxy.RuntimeApiException.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * One backend per service with the servers of both colours, told apart by the beginning of their
 * names; the split is made of weights. The weights that grow are set before those that shrink, so
 * that at no moment a service has no server. A server-state file makes it durable.
 */
final class ServerScheme implements Scheme {
  /** What takes every weight at runtime; the others refuse it, or do not count by weight. */
  private static final Set<String> DYNAMIC = Set.of("roundrobin", "random", "leastconn");

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
    for (Service service : group.routed()) {
      backend(api.stats(service.name()), service, findings);
    }
    findings.costs(
        Guarantee.ATOMIC_GROUP,
        "in server mode services are switched one after the other, each in several commands",
        "use map mode, or accept it by name");
    findings.costs(
        Guarantee.NO_STALE,
        "a former worker takes no command for a server: what it has accepted before a reload it"
            + " still sends by the weights of that time",
        "use map mode, or accept it by name");
    durability(findings);
  }

  private void backend(List<StatRow> rows, Service service, Findings findings) {
    for (StatRow row : rows) {
      if (row.isServer() && row.number("bck") > 0) {
        throw refused(
            row.proxy() + "/" + row.name() + " is a backup server, which takes no share",
            "remove 'backup' from it");
      }
      String algorithm = row.get("algo");
      if (row.isBackend() && !algorithm.isEmpty() && !DYNAMIC.contains(algorithm)) {
        throw refused(
            "backend "
                + row.proxy()
                + " balances by "
                + Replies.shown(algorithm)
                + ", which takes no weights at runtime",
            "configure 'balance roundrobin'");
      }
      if (row.isBackend() && !algorithm.isEmpty() && !algorithm.equals("roundrobin")) {
        findings.warn(
            "backend " + row.proxy() + " balances by " + algorithm + ", which makes shares rough",
            "configure 'balance roundrobin'");
      }
      if (row.isBackend() && !row.get("cookie").isEmpty()) {
        findings.costs(
            Guarantee.NO_STALE,
            "backend "
                + service
                + " binds users to a server by a cookie, also when its weight is 0",
            "remove 'cookie' from it, or use map mode");
      }
    }
  }

  /** HAProxy can't be asked whether it loads the file, but its configuration can be read. */
  private void durability(Findings findings) throws IOException {
    if (configuration.isEmpty()) {
      findings.costs(
          Guarantee.RELOAD_SAFE,
          "HAProxy can't be asked whether it loads " + file.record().path(),
          "name its configuration with configuration(...)");
      return;
    }
    String text = Files.readString(configuration.get());
    boolean names =
        Pattern.compile(
                "(?m)^\\s*server-state-file\\s+"
                    + Pattern.quote(file.record().path().toString())
                    + "\\s*(#.*)?$")
            .matcher(text)
            .find();
    boolean loads =
        Pattern.compile("(?m)^\\s*load-server-state-from-file\\s+global\\b").matcher(text).find();
    if (!names || !loads) {
      findings.costs(
          Guarantee.RELOAD_SAFE,
          configuration.get() + " does not load " + file.record().path(),
          "add 'server-state-file "
              + file.record().path()
              + "' to global and 'load-server-state-from-file global' to defaults");
    }
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
    Optional<TrafficSplit> split = split(content.servers());
    return new Served(
        // Without a record a start serves the configured weights: blue, as everything unassigned.
        Optional.of(split.orElseGet(() -> TrafficSplit.all(group, Color.BLUE))),
        content.generation(),
        content.owner().isPresent() ? Set.of() : names(),
        content.text().isEmpty()
            ? List.of()
            : file.record().defects(group, content.text(), content.owner()));
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
  @Override
  public boolean begins(Switch change, RuntimeApi api) throws IOException {
    List<ServerState> servers = api.servers();
    Optional<TrafficSplit> split = split(servers);
    if (split.isPresent() && List.of(change.from(), change.to()).contains(split.get())) {
      return true;
    }
    Served recorded = durable();
    if (!recorded.unassigned().isEmpty()
        || !(recorded.serves(change.from()) || recorded.serves(change.to()))) {
      return false;
    }
    for (Slot slot : Targets.slots(this)) {
      Set<Integer> known =
          new TreeSet<>(
              List.of(weight(slot, change.from(), servers), weight(slot, change.to(), servers)));
      if (Targets.own(target(slot), servers).stream()
          .anyMatch(server -> !known.contains(Weights.effective(server)))) {
        return false;
      }
    }
    return true;
  }

  @Override
  public Attempt attempt(Switch change, RuntimeApi api) throws IOException {
    StateFile.Content former = file.read();
    file.record().admit(group, former.owner(), former.fence(), change.fence());
    possible(change, api.servers());
    return new ServerAttempt(change, former, api);
  }

  private void possible(Switch change, List<ServerState> servers) {
    for (Service service : group.routed()) {
      int blues = Targets.own(target(slot(service, Color.BLUE)), servers).size();
      int greens = Targets.own(target(slot(service, Color.GREEN)), servers).size();
      int wanted = change.to().share(service.name(), Color.GREEN);
      int made = Weights.of(wanted, blues, greens).percent(blues, greens);
      if (made != wanted) {
        throw refused(
            wanted
                + "% green can't be made of weights for "
                + blues
                + " blue and "
                + greens
                + " green servers of "
                + service
                + ", the nearest is "
                + made
                + "%",
            "choose another share, as many servers of either colour, or map mode");
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
      return weight > Weights.effective(server);
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

    ServerAttempt(Switch change, StateFile.Content former, RuntimeApi api) {
      this.change = change;
      this.former = former;
      Map<String, Integer> weights = new TreeMap<>();
      List<ServerState> servers = api.servers();
      for (Slot slot : Targets.slots(ServerScheme.this)) {
        for (ServerState server : Targets.own(target(slot), servers)) {
          weights.put(server.backend() + "/" + server.server(), weight(slot, change.to(), servers));
        }
      }
      this.content = StateFile.render(group, api.serverStateText(), weights, change);
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
      List<Step> steps = steps(worker);
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
      if (!steps.isEmpty() && !steps(worker).isEmpty()) {
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
    private List<Step> steps(RuntimeApi worker) {
      List<ServerState> servers = worker.servers();
      List<Step> grow = new ArrayList<>();
      List<Step> shrink = new ArrayList<>();
      for (Slot slot : Targets.slots(ServerScheme.this)) {
        for (ServerState server : Targets.own(target(slot), servers)) {
          Step step = new Step(server, weight(slot, change.to(), servers));
          if (step.weight() != Weights.effective(server)) {
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
      steps(worker).forEach(step -> plan.add(step.toString()));
      plan.add("show servers state");
      return plan;
    }
  }
}
