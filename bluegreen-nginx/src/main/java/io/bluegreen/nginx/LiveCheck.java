package io.bluegreen.nginx;

import io.bluegreen.Group;
import io.bluegreen.RouterException;
import io.bluegreen.RouterGuarantee;
import io.bluegreen.RouterReport;
import io.bluegreen.RouterReport.Warning;
import io.bluegreen.Service;
import io.bluegreen.TimeSource;
import io.bluegreen.support.Text;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Finds out, with real requests, whether a renamed link has an effect on the nginx that runs. */
final class LiveCheck {
  /**
   * For how long a worker that was looked at needs no other look. Later nginx may have read its
   * configuration again, and another worker may have the same id.
   */
  private static final Duration GOOD_FOR = Duration.ofSeconds(10);

  private static final int MOST_WORKERS = 1000;

  private final Map<String, Duration> vetted = new ConcurrentHashMap<>();
  private final NginxSettings settings;
  private final Group group;
  private final LiveConfig config;
  private final FlightCounter flight;
  private final TimeSource time;

  LiveCheck(
      NginxSettings settings,
      Group group,
      LiveConfig config,
      FlightCounter flight,
      TimeSource time) {
    this.settings = settings;
    this.group = group;
    this.config = config;
    this.flight = flight;
    this.time = time;
  }

  /**
   * Returns what can be promised.
   *
   * @throws RouterException if a switch would have no effect
   */
  RouterReport report(StatusSession session) {
    if (!Files.isDirectory(settings.home)) {
      throw NginxRefusal.of(
          "the state directory " + settings.home + " is not there",
          "start nginx with renderConfig(group).write()");
    }
    DiskTruth durable = durable();
    try {
      StatusAnswer answer = session.status();
      status(answer, durable);
      vet(session, answer, durable);
    } catch (IOException e) {
      throw NginxRefusal.of(
          "nginx gives no answer of use at " + settings.door() + " (" + e.getMessage() + ")",
          "start it with the configuration that renderConfig(group) renders; its error log tells"
              + " why it does not run: "
              + settings.errorLog);
    }
    List<Warning> warnings = new ArrayList<>();
    EnumSet<RouterGuarantee> guarantees = EnumSet.allOf(RouterGuarantee.class);
    if (settings.counter.isEmpty()) {
      flight
          .fault()
          .ifPresent(
              fault -> {
                guarantees.remove(RouterGuarantee.DRAIN_KNOWN);
                warnings.add(
                    new Warning(
                        "nginx can't tell what a colour is still answering, so that a drain waits"
                            + " its whole time: "
                            + fault.what(),
                        fault.remedy()
                            + "; or let the application count, and name the counter with"
                            + " inFlight(...)",
                        Optional.of(RouterGuarantee.DRAIN_KNOWN)));
              });
    }
    warnings.addAll(CommonWarnings.of(settings));
    return new RouterReport(guarantees, warnings);
  }

  /**
   * Tries with the worker at the other end whether it would see a switch, unless it was tried
   * shortly before: nginx may run with another configuration than it was opened with.
   *
   * @param status that this worker has just answered
   * @throws IOException if nginx does not answer
   * @throws RouterException if a switch would have no effect
   */
  void vet(StatusSession session, StatusAnswer status, DiskTruth durable) throws IOException {
    String worker = status.header(LiveConfig.WORKER);
    Duration since = vetted.get(worker);
    // A container that is started again has workers of the same ids.
    if (settings.container.isEmpty()
        && since != null
        && time.elapsed().minus(since).compareTo(GOOD_FOR) < 0) {
      return;
    }
    for (Service service : group.routed()) {
      new LiveProbe(settings, config, service, session).check(durable.splitOf(group));
    }
    if (worker.equals(session.status().header(LiveConfig.WORKER))) {
      if (vetted.size() >= MOST_WORKERS) {
        vetted.clear();
      }
      vetted.put(worker, time.elapsed());
    }
  }

  private DiskTruth durable() {
    try {
      return LiveDirectoryReader.read(settings.home);
    } catch (IOException e) {
      throw NginxRefusal.of(
          "the state directory can't be read ("
              + Text.clean(String.valueOf(e.getMessage()), 300)
              + ")",
          "mend it, or move it away and start again with renderConfig(group).write()");
    }
  }

  private void status(StatusAnswer answer, DiskTruth durable) {
    if (durable.status().isEmpty()) {
      return;
    }
    if (!answer.ok()) {
      throw NginxRefusal.of(
          "nginx answers " + answer.status() + " for " + settings.home + "/current/status.json",
          SharedFolderCheck.remedy(settings));
    }
    GenerationStatus disk = durable.status().get();
    if (!disk.group().equals(group.name())) {
      throw NginxRefusal.of(
          "the state directory is marked as group " + disk.group() + "'s",
          "give each group a directory of its own");
    }
    if (!answer.body().equals(disk.json())) {
      throw NginxRefusal.of(
          "nginx reads another " + settings.home + " than this program",
          SharedFolderCheck.remedy(settings));
    }
  }
}
