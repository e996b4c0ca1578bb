package io.bluegreen.nginx;

import io.bluegreen.TrafficSplit;
import io.bluegreen.support.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * A split of an earlier generation, and the workers that may go on to serve it. The generated file
 * keeps them, because a worker that takes nothing new can't be asked for its generation any more.
 *
 * @param split that they serve
 * @param workers by their {@linkplain NginxWorkers.Worker#id ids}; empty where they could not be
 *     seen
 */
record FormerSplit(TrafficSplit split, Set<String> workers) {
  FormerSplit {
    workers = Set.copyOf(workers);
  }

  FormerSplit and(Set<String> more) {
    Set<String> all = new TreeSet<>(workers);
    all.addAll(more);
    return new FormerSplit(split, all);
  }

  static String json(List<FormerSplit> all) {
    List<Object> list = new ArrayList<>();
    for (FormerSplit former : all) {
      Map<String, Object> one = new LinkedHashMap<>();
      one.put("green", former.split.green());
      one.put("workers", List.copyOf(new TreeSet<>(former.workers)));
      list.add(one);
    }
    return Json.write(list);
  }

  /**
   * Reads what {@link #json} wrote, and the older form without workers.
   *
   * @throws IllegalArgumentException if it is anything else
   */
  static List<FormerSplit> read(Json json) {
    return json.elements().stream().map(FormerSplit::one).toList();
  }

  private static FormerSplit one(Json json) {
    Json green = json.at("/green").filter(found -> !found.members().isEmpty()).orElse(json);
    Map<String, Integer> split = new TreeMap<>();
    green
        .members()
        .forEach((service, percent) -> split.put(service, GenerationStatus.percent(percent)));
    Set<String> workers = new TreeSet<>();
    json.at("/workers")
        .ifPresent(found -> found.elements().forEach(id -> id.text().ifPresent(workers::add)));
    return new FormerSplit(new TrafficSplit(split), workers);
  }
}
