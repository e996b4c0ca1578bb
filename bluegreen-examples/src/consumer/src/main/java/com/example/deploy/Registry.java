package com.example.deploy;

import io.bluegreen.Color;
import io.bluegreen.Group;
import io.bluegreen.TrafficSplit;
import io.bluegreen.support.DurableFile;
import io.bluegreen.support.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;

/**
 * A service registry: clients ask it before each request where to send it. What it answers by is
 * one value, replaced as a whole, and kept in a file.
 */
final class Registry {
  private static final int LARGEST_FILE = 65_536;

  private final Group group;
  private final Path file;
  private volatile Optional<Entry> running;
  private volatile boolean down;

  Registry(Group group, Path file) {
    this.group = group;
    this.file = file;
    this.running = durable();
  }

  /** What is served, since which switch, and the highest fence seen. */
  record Entry(TrafficSplit split, long generation, long fence) {}

  /** Returns where a client of a service is to send its next request. */
  String lookUp(String service) {
    requireUp();
    int green = running.map(entry -> entry.split().share(service, Color.GREEN)).orElse(0);
    Color color = ThreadLocalRandom.current().nextInt(100) < green ? Color.GREEN : Color.BLUE;
    return group.service(service).endpoints(color).get(0).toString();
  }

  Optional<Entry> running() {
    requireUp();
    return running;
  }

  /** Returns what a restart would serve. */
  Optional<Entry> durable() {
    requireUp();
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    try {
      Json json = Json.read(DurableFile.read(file, LARGEST_FILE));
      Map<String, Integer> green = new HashMap<>();
      json.at("/green")
          .orElseThrow()
          .members()
          .forEach((service, percent) -> green.put(service, (int) number(percent)));
      return Optional.of(
          new Entry(
              new TrafficSplit(green),
              number(json.at("/generation").orElseThrow()),
              number(json.at("/fence").orElseThrow())));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  void replace(Entry entry) throws IOException {
    requireUp();
    Map<String, Object> json =
        Map.of(
            "green", entry.split().green(),
            "generation", entry.generation(),
            "fence", entry.fence());
    DurableFile.replace(file, Json.write(json).getBytes(StandardCharsets.UTF_8));
    running = Optional.of(entry);
  }

  void stop() {
    down = true;
  }

  void start() {
    down = false;
    running = durable();
  }

  private void requireUp() {
    if (down) {
      throw new IllegalStateException("the registry is down");
    }
  }

  private static long number(Json json) {
    return json.integer().orElseThrow();
  }
}
