package io.bluegreen.nginx;

import io.bluegreen.Group;
import io.bluegreen.TimeSource;
import io.bluegreen.support.Failures;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Reads the configuration files of the nginx that runs, to tell whether each request is counted.
 * nginx tells nobody what it has read, so that a file which was changed since tells nothing.
 */
final class RunningConfig {
  /** Where an nginx that was started without -c mostly has its configuration. */
  private static final List<Path> PLACES =
      List.of(Path.of("/etc/nginx/nginx.conf"), Path.of("/usr/local/nginx/conf/nginx.conf"));

  private static final Duration TICK = Duration.ofMillis(10);

  /** Ticks and the times of files are whole tens of milliseconds. */
  private static final Duration INEXACT = Duration.ofMillis(20);

  private final NginxSettings settings;
  private final Group group;
  private final FlightConfig config;
  private final TimeSource time;

  RunningConfig(NginxSettings settings, Group group, FlightConfig config, TimeSource time) {
    this.settings = settings;
    this.group = group;
    this.config = config;
    this.time = time;
  }

  /** Returns why not each request to these workers is counted, or why that can't be told. */
  Optional<FlightFault> fault(NginxWorkers workers, Set<NginxWorkers.Worker> accepting) {
    List<Path> places = new ArrayList<>(PLACES);
    places.add(settings.home.resolve("nginx.conf"));
    List<Path> candidates = workers.configuration().map(List::of).orElse(places);
    boolean found = false;
    for (Path file : candidates) {
      if (Files.notExists(file)) {
        continue;
      }
      try {
        List<Path> read = new ArrayList<>();
        ConfigBlock all = ConfigBlock.read(file, read::add);
        if (conditions().passesOn(all)) {
          found = true;
          Optional<Path> later = later(read, accepting);
          Optional<FlightFault> fault =
              later.isPresent() ? changed(later.get()) : conditions().fault(all);
          if (fault.isPresent()) {
            return fault;
          }
        }
      } catch (IOException e) {
        // It may be the one that runs, so that no other one tells anything.
        return unread(file + ": " + Failures.reason(e));
      }
    }
    return found
        ? Optional.empty()
        : unread("none of " + candidates + " passes on to " + group.name());
  }

  private static Optional<FlightFault> unread(String why) {
    return FlightFault.of(
        "whether it counts each request is not known, because its configuration can't be read ("
            + why
            + ")",
        "let this user read it, and start nginx with -c and its whole path");
  }

  /** Returns a file that these workers may not have read as it is. */
  private Optional<Path> later(List<Path> files, Set<NginxWorkers.Worker> workers)
      throws IOException {
    long first = workers.stream().mapToLong(NginxWorkers.Worker::startedTicks).min().orElse(0);
    long now = NginxWorkers.nowTicks();
    if (first == 0 || now < first) {
      throw new IOException("when its workers were started can't be told");
    }
    Instant read = time.now().minus(TICK.multipliedBy(now - first)).plus(INEXACT);
    for (Path file : files) {
      // The generated file has a checksum, and nginx tells the generation of what it has read.
      boolean ours = settings.generated.filter(file::equals).isPresent();
      if (!ours && changedAt(file).isAfter(read)) {
        return Optional.of(file);
      }
    }
    return Optional.empty();
  }

  /** Also a file that was put in place by a rename changes then, whatever time it was given. */
  private static Instant changedAt(Path file) throws IOException {
    Object time = Files.getAttribute(file, "unix:ctime");
    return time instanceof FileTime changed ? changed.toInstant() : Instant.MAX;
  }

  private FlightConditions conditions() {
    Set<String> changing =
        settings.generated.isPresent()
            ? Set.of()
            : group.routed().stream().map(config.names()::color).collect(Collectors.toSet());
    return new FlightConditions(group, config, changing);
  }

  private static Optional<FlightFault> changed(Path file) {
    return FlightFault.of(
        "whether it counts each request is not known, because "
            + file
            + " was changed after nginx had read it",
        "reload nginx once");
  }
}
