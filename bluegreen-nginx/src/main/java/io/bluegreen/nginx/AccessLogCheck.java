package io.bluegreen.nginx;

import io.bluegreen.Deadline;
import io.bluegreen.Group;
import io.bluegreen.RouterReport.Warning;
import io.bluegreen.Service;
import io.bluegreen.TimeSource;
import io.bluegreen.support.Json;
import io.bluegreen.support.Text;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Collectors;

/**
 * Proves that the answers of each service's own server get into the access log that the meter
 * reads, in time and in the right form. At nginx's private door it asks each server for a page that
 * nginx answers itself. The page is answered in the location that passes requests on, so that it is
 * logged as those are. Its line says that no split sent it, so that the meter does not count it.
 */
final class AccessLogCheck {
  /** The page; nginx answers it only with the number of a proof, and only at its private door. */
  static final String PAGE = "/.bluegreen/log";

  /** A line that comes later than this is of no use to a gate of a few seconds. */
  private static final Duration IN_TIME = Duration.ofSeconds(2);

  private static final Duration POLL = Duration.ofMillis(10);
  private static final Duration ANSWER = Duration.ofSeconds(3);
  private static final int LAST_LINES = 64 * 1024;
  private static final int NO_CONTENT = 204;

  private final NginxSettings settings;
  private final Group group;
  private final TimeSource time;
  private final NginxNames names;

  AccessLogCheck(NginxSettings settings, Group group, TimeSource time) {
    this.settings = settings;
    this.group = group;
    this.time = time;
    this.names = new NginxNames(group);
  }

  /** Returns why requests can't be counted by the log, with the remedy; nothing if they can. */
  Optional<Warning> fault() {
    Path log = settings.accessLog;
    if (!Files.isReadable(log) || !Files.isRegularFile(log)) {
      return fault(
          "because the access log " + log + " can't be read",
          "let this user read it, or name the right one with accessLog(...)");
    }
    try {
      return proven(log);
    } catch (IOException e) {
      return fault(
          "because it could not be proven that requests get into "
              + log
              + " ("
              + Text.clean(String.valueOf(e.getMessage()), 300)
              + ")",
          "look into " + settings.errorLog);
    }
  }

  private Optional<Warning> proven(Path log) throws IOException {
    String number = "%016x".formatted(ThreadLocalRandom.current().nextLong());
    LogTail tail = new LogTail(log, time);
    List<Service> asked = new ArrayList<>();
    List<Service> unasked = new ArrayList<>();
    for (Service service : group.routed()) {
      (asks(service, number) ? asked : unasked).add(service);
    }
    List<Service> silent = awaited(tail, asked, number);
    if (!silent.isEmpty()) {
      return fault(
          "because a request to "
              + silent
              + " was not in "
              + log
              + " within "
              + IN_TIME.toSeconds()
              + " s",
          asRendered(silent)
              + "; \"access_log off\", another format, another file and a buffer that is not"
              + " flushed each second are what keeps it away");
    }
    unasked.removeIf(service -> hasLogged(log, service));
    if (!unasked.isEmpty()) {
      return fault(
          "because it can't be proven that requests to " + unasked + " get into " + log,
          asRendered(unasked)
              + "; for the proof let them listen at "
              + settings.asNginxSees().door()
              + " as "
              + unasked.stream().map(names::host).collect(Collectors.joining(", "))
              + ", with the \"if\" on "
              + names.variable("log")
              + ", as renderConfig(group) has it");
    }
    return Optional.empty();
  }

  private String asRendered(List<Service> services) {
    return "give the server of "
        + services
        + ", and each location in it that says otherwise, \"access_log "
        + settings.asNginxSees().accessLog
        + " bluegreen_"
        + group.name()
        + ";\" and reload nginx once";
  }

  /** Asks a service's own server; returns whether nginx has answered it itself. */
  private boolean asks(Service service, String number) throws IOException {
    try (StatusConnection connection = StatusConnection.open(settings.door(), ANSWER, time)) {
      return connection.last(PAGE + "?number=" + number, names.host(service)).status()
          == NO_CONTENT;
    }
  }

  /** Waits for a line of each service; returns the services of which none has come in time. */
  private List<Service> awaited(LogTail tail, List<Service> asked, String number)
      throws IOException {
    List<Service> missing = new ArrayList<>(asked);
    Deadline end = time.deadline(IN_TIME);
    while (true) {
      boolean over = end.over();
      tail.read(line -> missing.removeIf(service -> isOf(line, service, Optional.of(number))));
      if (missing.isEmpty() || over) {
        return missing;
      }
      pause();
    }
  }

  /** Returns whether the log has a line of a service already; asked where no page answers. */
  private static boolean hasLogged(Path log, Service service) {
    try (RandomAccessFile file = new RandomAccessFile(log.toFile(), "r")) {
      file.seek(Math.max(0, file.length() - LAST_LINES));
      byte[] last = new byte[LAST_LINES];
      int n = Math.max(0, file.read(last));
      return new String(last, 0, n, StandardCharsets.ISO_8859_1)
          .lines()
          .anyMatch(line -> isOf(line, service, Optional.empty()));
    } catch (IOException unreadable) {
      return false;
    }
  }

  private static boolean isOf(String line, Service service, Optional<String> via) {
    try {
      Json entry = Json.read(line.getBytes(StandardCharsets.ISO_8859_1));
      return AccessLogMeter.text(entry, "service").equals(service.name())
          && via.map(AccessLogMeter.text(entry, "via")::equals).orElse(true)
          && entry.at("/status").flatMap(Json::integer).isPresent()
          && !AccessLogMeter.text(entry, "color").isEmpty()
          && !AccessLogMeter.text(entry, "seconds").isEmpty();
    } catch (IllegalArgumentException notOurs) {
      return false;
    }
  }

  private void pause() throws InterruptedIOException {
    try {
      time.sleep(POLL);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted");
    }
  }

  private static Optional<Warning> fault(String why, String remedy) {
    return Optional.of(new Warning("there is no meter, " + why, remedy, Optional.empty()));
  }
}
