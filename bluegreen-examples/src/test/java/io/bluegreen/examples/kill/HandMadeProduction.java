package io.bluegreen.examples.kill;

import io.bluegreen.Color;
import io.bluegreen.Group;
import io.bluegreen.Service;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Production that somebody has started by hand, on blue, before the library came. */
final class HandMadeProduction implements AutoCloseable {
  static final String VERSION = "r0";

  private final WeekLauncher.Started started;
  private final Map<String, Long> processes = new TreeMap<>();

  /** Starts each service of a group, and returns when all of them answer. */
  HandMadeProduction(Path directory, Group group) throws Exception {
    started = WeekLauncher.PROCESS.in(directory, group);
    for (Service service : group.services()) {
      started.byHand(service.name(), Color.BLUE, VERSION);
      processes.put(
          group.slot(service.name(), Color.BLUE).toString(),
          started.pid(service.name(), Color.BLUE));
    }
  }

  /** Returns the slots whose processes still run. */
  List<String> running() {
    return processes.entrySet().stream()
        .filter(process -> MarkedProcesses.runs(process.getValue()))
        .map(Map.Entry::getKey)
        .toList();
  }

  @Override
  public void close() throws IOException {
    started.close();
  }
}
