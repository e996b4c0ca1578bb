package io.bluegreen.haproxy;

import io.bluegreen.Color;
import io.bluegreen.Slot;
import io.bluegreen.support.LiteralAddress;
import java.io.IOException;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Writes the lines that a backend has to have, so that a remedy can be followed to the letter. */
final class WantedServers {
  private final String backend;
  private final List<Slot> slots;
  private final List<ServerState> present;
  private final Set<String> taken = new TreeSet<>();

  /**
   * Creates the writer; nothing is written yet.
   *
   * @param slots the slots that the backend serves: one colour, or both by weights
   * @param present the servers that it has
   */
  WantedServers(String backend, List<Slot> slots, List<ServerState> present) {
    this.backend = backend;
    this.slots = slots;
    this.present = present;
    present.forEach(server -> taken.add(server.server()));
  }

  /** Returns the remedy, with each line in quotes. */
  String remedy() {
    try {
      return lines();
    } catch (IOException e) {
      return String.valueOf(e.getMessage()); // A name with several addresses: no line is right.
    }
  }

  private String lines() throws IOException {
    List<String> lines = new ArrayList<>();
    Color serving = serving();
    for (Slot slot : slots) {
      for (URI endpoint : slot.service().endpoints(slot.color())) {
        String weight =
            slots.size() == 1 ? "" : slot.color() == serving ? " weight 100" : " weight 0";
        lines.add(
            "'server "
                + name(slot, endpoint)
                + " "
                + authority(endpoint)
                + " check"
                + weight
                + "'");
      }
    }
    return (present.isEmpty()
            ? "add 'backend " + backend + "', to which a frontend leads, with "
            : "let backend "
                + backend
                + " have, beside their further options, no other servers than ")
        + String.join(", ", lines)
        + (slots.size() == 1
            ? ""
            : " (all to "
                + serving
                + "; if "
                + serving.other()
                + " is to serve: the weights 0 and"
                + " 100 the other way round)")
        + ", and reload";
  }

  /**
   * Returns the colour that is to serve: the one that has the traffic, because nothing is known of
   * the other.
   */
  private Color serving() {
    return slots.stream()
        .filter(slot -> serves(slot) && slots.stream().noneMatch(o -> !o.equals(slot) && serves(o)))
        .map(Slot::color)
        .findFirst()
        .orElse(Color.BLUE);
  }

  private boolean serves(Slot slot) {
    return slot.service().endpoints(slot.color()).stream()
        .flatMap(endpoint -> at(endpoint).stream())
        .anyMatch(server -> Weights.effective(server) > 0);
  }

  private Optional<ServerState> at(URI endpoint) {
    return present.stream().filter(server -> GroupServers.same(endpoint, server)).findFirst();
  }

  private String name(Slot slot, URI endpoint) {
    String prefix = slots.size() == 1 ? "" : slot.color().label();
    Optional<String> kept =
        at(endpoint).map(ServerState::server).filter(server -> server.startsWith(prefix));
    if (kept.isPresent()) {
      return kept.get();
    }
    int number = 1;
    String name = prefix.isEmpty() ? "s" : prefix;
    while (!taken.add(name + number)) {
      number++;
    }
    return name + number;
  }

  /**
   * Returns the literal address of an endpoint: for a name HAProxy may take another address than
   * the proved one.
   */
  private static String authority(URI endpoint) throws IOException {
    try {
      return LiteralAddress.of(endpoint).inUrl() + ":" + endpoint.getPort();
    } catch (UnknownHostException knownToHaproxyOnly) {
      return endpoint.getAuthority();
    }
  }
}
