package io.bluegreen.haproxy;

import io.bluegreen.Color;
import io.bluegreen.Drift;
import io.bluegreen.Group;
import io.bluegreen.RouterGuarantee;
import io.bluegreen.Service;
import io.bluegreen.Slot;
import io.bluegreen.Switch;
import io.bluegreen.TrafficSplit;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Spells a split by a map: each service has two backends, {@code web_blue} and {@code web_green},
 * and frontends look up the map once per request. One key is switched by one {@code set map},
 * several by one map transaction, which every lookup sees at one instant, unlike a list of
 * commands.
 */
final class MapMode implements RoutingMode {
  private final Group group;
  private final MapFile file;

  MapMode(Group group, RecordFile map) {
    this.group = group;
    this.file = new MapFile(map);
  }

  @Override
  public RecordFile file() {
    return file.file();
  }

  @Override
  public Group group() {
    return group;
  }

  @Override
  public Target target(Slot slot) {
    return new Target(backend(slot.service(), slot.color()), "");
  }

  static String backend(Service service, Color color) {
    return service.name() + "_" + color.label();
  }

  @Override
  public void check(OpenInspection seen, OpenFindings findings) throws IOException {
    Path path = file.path();
    file.file().check();
    MapFile.Content content = file.read(group);
    file.requireOwner(group, content);
    MapContent running = MapContent.of(group, loaded(seen.api()));
    ours(running);
    if (content.shares().owner().isPresent() && running.owner().isEmpty()) {
      throw OpenFindings.refused(
          "HAProxy has not loaded the file that we would write: its map "
              + file.loaded()
              + " has no mark, and the file has",
          "reload HAProxy; if that does not help, both see different files of this path");
    }
    boolean marked = content.shares().owner().isPresent();
    if (!marked && running.owner().isEmpty()) {
      findings.costs(
          RouterGuarantee.RELOAD_SAFE,
          "neither "
              + path
              + " nor the map that HAProxy has loaded is marked, so that they may be"
              + " different files of this path",
          "write " + line() + " into it, and reload HAProxy");
    } else if (!marked) {
      String missing =
          content.defects().stream().map(Drift::detail).collect(Collectors.joining(", "));
      if (running.services().isEmpty()) {
        findings.warn(
            missing + "; without it HAProxy does not reload, nor start",
            "nothing needs to be done: the first switch writes it");
      } else {
        findings.warn(
            missing + "; HAProxy serves " + running.split(group) + ", but forgets it at a reload",
            "call recover(ADOPT, who), which writes it again from what HAProxy serves");
      }
    }
  }

  private String line() {
    return "the line '" + MapContent.MARK + " " + group.name() + "'";
  }

  /** Asks for the map by its path: the list of all maps omits one that very many frontends use. */
  private List<MapEntry> loaded(RuntimeApi api) {
    try {
      return api.map(file.loaded());
    } catch (RuntimeApiException e) {
      if (!e.refusal().equals(Optional.of(Refusal.UNKNOWN_MAP))) {
        throw e;
      }
      throw OpenFindings.refused(
          "HAProxy's running configuration uses no map " + file.loaded(),
          "write "
              + line()
              + " into "
              + file.path()
              + " if it is not there, look it up in the frontend with map_str("
              + file.loaded()
              + ",0:0), as renderConfig shows, and reload; its path must be spelled alike; a"
              + " service that the file does not name is blue's: where green serves now, write the"
              + " line '<service> 100:0' into it, too, before that reload"
              + (file.loaded().equals(file.path())
                  ? "; a HAProxy in a container has to be named with inContainer(...)"
                  : ""));
    }
  }

  @Override
  public Served served(RuntimeApi worker) {
    return served(MapContent.of(group, worker.map(file.loaded())));
  }

  @Override
  public Served durable(RuntimeApi worker) throws IOException {
    MapFile.Content content = file.read(group);
    Served served = served(content.shares());
    return new Served(
        // A missing value is the frontend's default, blue. A strange value may be anything.
        served.split(),
        served.generation(),
        content.fence(),
        served.unassigned(),
        served.split().isPresent()
            ? content.defects()
            : Stream.concat(content.defects().stream(), served.drift().stream()).toList());
  }

  @Override
  public String byHand() {
    return "give it a value that can be read, such as 'set map "
        + file.loaded()
        + " <service> 0:0' through the admin socket, 0 for all to blue and 100 for all to green";
  }

  private Served served(MapContent shares) {
    List<Drift> drift = new ArrayList<>();
    if (shares.owner().isPresent() && !shares.owner().get().equals(group.name())) {
      drift.add(
          new Drift(
              Drift.Kind.FOREIGN_MARK,
              "the map "
                  + file.loaded()
                  + " is group "
                  + ReplyCheck.shown(shares.owner().get())
                  + "'s"));
    }
    for (MapEntry entry : shares.foreign()) {
      drift.add(
          new Drift(
              Drift.Kind.RUNNING_DIFFERS,
              "the map has a key that is not ours, or a value that can't be read: "
                  + ReplyCheck.shown(entry.key() + " " + entry.value())));
    }
    Set<String> unassigned = new TreeSet<>(group.routed().stream().map(Service::name).toList());
    unassigned.removeAll(shares.services().keySet());
    return new Served(
        shares.unreadable(group).isPresent() ? Optional.empty() : Optional.of(shares.split(group)),
        shares.generation(),
        0,
        unassigned,
        drift);
  }

  @Override
  public Attempt attempt(Switch change, RuntimeApi api, Rule rule) throws IOException {
    MapFile.Content former = file.read(group);
    file.requireOwner(group, former);
    List<MapEntry> running = api.map(file.loaded());
    MapContent shares = MapContent.of(group, running);
    ours(shares);
    Optional<TrafficSplit> durable = served(former.shares()).split();
    rule.check(
        served(shares).found(durable, former.fence(), byHand()), former.shares().generation());
    return new MapAttempt(group, file, change, former, running);
  }

  private void ours(MapContent running) {
    if (running.owner().isPresent() && !running.owner().get().equals(group.name())) {
      throw OpenFindings.refused(
          "HAProxy's map "
              + file.loaded()
              + " belongs to group "
              + ReplyCheck.shown(running.owner().get()),
          "give each group a map of its own");
    }
  }
}
