package io.bluegreen.nginx;

import io.bluegreen.Color;
import io.bluegreen.Group;
import io.bluegreen.Service;
import io.bluegreen.Switch;
import io.bluegreen.TrafficSplit;
import io.bluegreen.support.Json;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What a generation says of itself: a document that lies on the disk, and that nginx answers at its
 * private door.
 *
 * @param group that it belongs to; what belongs to another group is never touched
 * @param mode {@code live} or {@code reload}
 * @param generation of the switch that made it; 0 before the first switch
 * @param fence the highest of any switch so far
 * @param deployment that made it
 * @param split for every service that it routes
 * @param assigned services that some switch has named
 */
record GenerationStatus(
    String group,
    String mode,
    long generation,
    long fence,
    String deployment,
    TrafficSplit split,
    Set<String> assigned) {
  private static final int FORMAT = 1;
  private static final long HIGHEST = 1_000_000_000_000_000_000L;
  private static final int LONGEST_ID = 128;

  GenerationStatus {
    // The id comes from a host program and gets into a file that nginx reads.
    deployment = deployment.replaceAll("[^A-Za-z0-9._:+-]", "_");
    deployment = deployment.substring(0, Math.min(deployment.length(), LONGEST_ID));
    assigned = Set.copyOf(assigned);
  }

  /** Returns what is served before anybody has switched: blue, and nothing is live. */
  static GenerationStatus first(Group group, String mode) {
    return new GenerationStatus(
        group.name(), mode, 0, 0, "", TrafficSplit.all(group, Color.BLUE), Set.of());
  }

  /** Returns what a switch leaves behind: all the services that it names are assigned. */
  GenerationStatus after(Switch change) {
    Set<String> touched = new TreeSet<>(assigned);
    touched.addAll(change.to().services());
    return new GenerationStatus(
        group,
        mode,
        change.generation(),
        Math.max(fence, change.fence()),
        change.deploymentId(),
        change.to(),
        touched);
  }

  /** Returns the split of the group's routed services; a service that has none gets blue. */
  TrafficSplit splitOf(Group wanted) {
    return DiskTruth.split(wanted, split.green());
  }

  Set<String> unassigned(Group wanted) {
    Set<String> names = new TreeSet<>();
    wanted.routed().stream()
        .map(Service::name)
        .filter(name -> !assigned.contains(name))
        .forEach(names::add);
    return names;
  }

  /** Returns this one with a fence that was seen elsewhere, if that is higher. */
  GenerationStatus fence(long seen) {
    return new GenerationStatus(
        group, mode, generation, Math.max(fence, seen), deployment, split, assigned);
  }

  String json() {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("format", FORMAT);
    document.put("group", group);
    document.put("mode", mode);
    document.put("generation", generation);
    document.put("fence", fence);
    document.put("deployment", deployment);
    document.put("green", split.green());
    document.put("assigned", new TreeSet<>(assigned));
    return Json.write(document);
  }

  /**
   * Reads what {@link #json} wrote.
   *
   * @throws IllegalArgumentException if it is anything else
   */
  static GenerationStatus read(String text) {
    return read(Json.read(text.getBytes(StandardCharsets.UTF_8)));
  }

  static GenerationStatus read(Json json) {
    if (integer(json, "format") != FORMAT) {
      throw new IllegalArgumentException("status: of an unknown format");
    }
    Map<String, Integer> green = new TreeMap<>();
    json.at("/green")
        .orElseThrow(() -> new IllegalArgumentException("status: no split"))
        .members()
        .forEach((service, percent) -> green.put(service, percent(percent)));
    return new GenerationStatus(
        text(json, "group"),
        text(json, "mode"),
        number(json, "generation"),
        number(json, "fence"),
        text(json, "deployment"),
        new TrafficSplit(green),
        texts(
            json.at("/assigned")
                .map(Json::elements)
                .orElseThrow(() -> new IllegalArgumentException("status: no assigned"))));
  }

  /** Returns a percentage, or -1, which a split refuses. */
  static int percent(Json json) {
    return json.integer().filter(percent -> percent >= 0 && percent <= 100).orElse(-1L).intValue();
  }

  private static Set<String> texts(Collection<Json> values) {
    Set<String> texts = new TreeSet<>();
    values.forEach(value -> value.text().ifPresent(texts::add));
    return texts;
  }

  private static String text(Json json, String member) {
    return json.at("/" + member)
        .flatMap(Json::text)
        .orElseThrow(() -> new IllegalArgumentException("status: no " + member));
  }

  private static long number(Json json, String member) {
    long number = integer(json, member);
    if (number < 0 || number > HIGHEST) {
      throw new IllegalArgumentException("status: " + member + " is out of range");
    }
    return number;
  }

  private static long integer(Json json, String member) {
    return json.at("/" + member)
        .flatMap(Json::integer)
        .orElseThrow(() -> new IllegalArgumentException("status: no " + member));
  }
}
