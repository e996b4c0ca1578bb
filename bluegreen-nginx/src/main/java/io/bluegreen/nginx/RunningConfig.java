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
 * Reads the configuration files of the running nginx, to tell whether it counts each request. nginx
 * shows nobody what it has read, so that a file that was changed since then proves nothing.
 */
final class RunningConfig {
  /** The usual files of the configuration of an nginx that was started without -c. */
  private static final List<Path> USUAL_FILES =
      List.of(Path.of("/etc/nginx/nginx.conf"), Path.of("/usr/local/nginx/conf/nginx.conf"));

  private static final Duration TICK = Duration.ofMillis(10);

  /** Ticks and the times of files are rounded to 10 ms each. */
  private static final Duration ROUNDING = Duration.ofMillis(20);

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

  /** Returns why these workers may not count each request, or why that can't be told. */
  Optional<FlightFault> fault(NginxWorkers workers, Set<NginxWorkers.Worker> accepting) {
    List<Path> usual = new ArrayList<>(USUAL_FILES);
    usual.add(settings.home.resolve("nginx.conf"));
    List<Path> candidates = workers.configuration().map(List::of).orElse(usual);
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
        // nginx may run with this file, so that the other files prove nothing.
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

  /** Returns a file that may have changed after these workers read it. */
  private Optional<Path> later(List<Path> files, Set<NginxWorkers.Worker> workers)
      throws IOException {
    long first = workers.stream().mapToLong(NginxWorkers.Worker::startedTicks).min().orElse(0);
    long now = NginxWorkers.nowTicks();
    if (first == 0 || now < first) {
      throw new IOException("when its workers were started can't be told");
    }
    Instant read = time.now().minus(TICK.multipliedBy(now - first)).plus(ROUNDING);
    for (Path file : files) {
      // The generated file is checked elsewhere: by its checksum, and by the generation that nginx
      // tells.
      boolean ours = settings.generated.filter(file::equals).isPresent();
      if (!ours && changedAt(file).isAfter(read)) {
        return Optional.of(file);
      }
    }
    return Optional.empty();
  }

  /**
   * Returns the time of the last change of the file or its name: unlike its other times, nobody can
   * set it.
   */
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
