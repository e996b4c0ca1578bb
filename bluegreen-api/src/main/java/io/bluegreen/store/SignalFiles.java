package io.bluegreen.store;

import io.bluegreen.Signal;
import io.bluegreen.StateCorruptException;
import io.bluegreen.StoreException;
import io.bluegreen.support.DurableFile;
import io.bluegreen.support.Json;
import io.bluegreen.support.Text;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Pattern;
import org.slf4j.Logger;

/**
 * The signals, a file for each. A name starts with a number that is one higher than the highest
 * there, so that the order does not hang on clocks; two that are posted at the same moment may get
 * the same number, and what follows it keeps them apart.
 */
final class SignalFiles {
  /** How many may wait before a further one is refused. */
  static final int MOST = 1_000;

  /** How long the id of a deployment may be. */
  static final int LONGEST_ID = 200;

  private static final Pattern NAME = Pattern.compile("([0-9]{10})-[0-9a-f]{16}\\.json");
  private static final int MOST_BYTES = 16 * 1024;
  private static final int MOST_ENTRIES = 2 * MOST;
  private static final int MOST_TRIES =
      100; // A process that acquires again and again sweeps as often.

  private final GroupDirectory directory;
  private final Logger log;
  private final Set<String> reported = ConcurrentHashMap.newKeySet();

  SignalFiles(GroupDirectory directory, Logger log) {
    this.directory = directory;
    this.log = log;
  }

  synchronized void post(Signal signal) throws IOException {
    byte[] document = write(signal);
    for (int tries = 1; ; tries++) {
      List<String> names = names();
      if (names.size() >= MOST) {
        throw new StoreException(
            directory.signals() + " has " + names.size() + " signals already; " + remedy());
      }
      long last = names.isEmpty() ? 0 : number(names.get(names.size() - 1));
      long random = ThreadLocalRandom.current().nextLong();
      String name = String.format(Locale.ROOT, "%010d-%016x.json", last + 1, random);
      try {
        DurableFile.replace(directory.signals().resolve(name), document);
        return;
      } catch (NoSuchFileException sweptAway) {
        // The new holder of the lease took our copy for a leftover.
        if (tries == MOST_TRIES) {
          throw sweptAway;
        }
      }
    }
  }

  List<Signal> of(String deploymentId) throws IOException {
    List<Signal> signals = new ArrayList<>();
    for (String name : names()) {
      read(name).filter(s -> s.deploymentId().equals(deploymentId)).ifPresent(signals::add);
    }
    return List.copyOf(signals);
  }

  void forget(String deploymentId) throws IOException {
    boolean removed = false;
    for (String name : names()) {
      if (read(name).filter(s -> s.deploymentId().equals(deploymentId)).isPresent()) {
        removed |= Files.deleteIfExists(directory.signals().resolve(name));
      }
    }
    if (removed) {
      DurableFile.forceDirectory(directory.signals());
    }
  }

  /** Returns the names in their order; what has another name is reported, and is no signal. */
  private List<String> names() throws IOException {
    directory.checkSignals();
    List<String> names = new ArrayList<>();
    int entries = 0;
    try (DirectoryStream<Path> stream = Files.newDirectoryStream(directory.signals())) {
      for (Path entry : stream) {
        String name = String.valueOf(entry.getFileName());
        if (++entries > MOST_ENTRIES) {
          throw new StoreException(
              directory.signals() + " has more than " + MOST_ENTRIES + " files; " + remedy());
        }
        if (NAME.matcher(name).matches()) {
          names.add(name);
        } else if (!name.startsWith(".")) {
          report(name, new IllegalArgumentException("not the name of a signal"));
        }
      }
    } catch (NoSuchFileException neverPosted) {
      return List.of();
    }
    names.sort(null);
    return names;
  }

  private Optional<Signal> read(String name) {
    try {
      return directory
          .read(directory.signals().resolve(name), MOST_BYTES, "Delete it")
          .map(Json::read)
          .map(Json::members)
          .map(SignalFiles::signal);
    } catch (StateCorruptException | IllegalArgumentException | DateTimeException e) {
      report(name, e);
      return Optional.empty();
    }
  }

  /** Once for each name, since signals are asked for every second. */
  private void report(String name, Exception reason) {
    if (reported.size() < MOST_ENTRIES && reported.add(name)) {
      String shown = Text.clean(name, 100);
      log.warn("{} in {} is no signal and is ignored", shown, directory.signals(), reason);
    }
  }

  private String remedy() {
    return "delete those of deployments that have ended, and find out who posts so many";
  }

  private static long number(String name) {
    return Long.parseLong(name.substring(0, name.indexOf('-')));
  }

  private static byte[] write(Signal signal) {
    Map<String, Object> members = new LinkedHashMap<>();
    members.put("deploymentId", deploymentId(signal.deploymentId()));
    members.put("kind", signal.kind().name());
    members.put("by", signal.by());
    members.put("why", signal.why());
    members.put("at", signal.at().toString());
    return Json.writePretty(members).getBytes(StandardCharsets.UTF_8);
  }

  private static Signal signal(Map<String, Json> members) {
    return new Signal(
        deploymentId(text(members, "deploymentId")),
        Signal.Kind.valueOf(text(members, "kind")),
        text(members, "by"),
        text(members, "why"),
        Instant.parse(text(members, "at")));
  }

  private static String text(Map<String, Json> members, String name) {
    Json value = members.get(name);
    if (value == null) {
      throw new IllegalArgumentException(name + ": is missing");
    }
    return value.text().orElseThrow(() -> new IllegalArgumentException(name + ": expected text"));
  }

  private static String deploymentId(String id) {
    if (id.isBlank() || !Text.clean(id, LONGEST_ID).equals(id)) {
      throw new IllegalArgumentException("deploymentId: expected 1 to 200 printable characters");
    }
    return id;
  }
}
