package io.bluegreen.nginx;

import io.bluegreen.Group;
import io.bluegreen.RouterException;
import io.bluegreen.RouterException.Effect;
import io.bluegreen.RouterGuarantee;
import io.bluegreen.RouterReport;
import io.bluegreen.RouterReport.Warning;
import io.bluegreen.Service;
import io.bluegreen.TimeSource;
import io.bluegreen.TrafficSplit;
import io.bluegreen.support.FileExposure;
import io.bluegreen.support.ResourceLock;
import io.bluegreen.support.Text;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/** Finds out, with real requests, whether a renamed link has an effect on the nginx that runs. */
final class LiveCheck {
  /**
   * How long a worker that was looked at needs no other look: nginx may have been told to read its
   * configuration again meanwhile, and the id of a worker may be that of another one later.
   */
  private static final Duration GOOD_FOR = Duration.ofSeconds(10);

  private static final int MOST_WORKERS = 1000;

  private final Map<String, Duration> vetted = new ConcurrentHashMap<>();
  private final NginxSettings settings;
  private final Group group;
  private final LiveConfig config;
  private final TimeSource time;

  LiveCheck(NginxSettings settings, Group group, LiveConfig config, TimeSource time) {
    this.settings = settings;
    this.group = group;
    this.config = config;
    this.time = time;
  }

  /**
   * Returns what can be promised.
   *
   * @throws RouterException if a switch would have no effect
   */
  RouterReport report(StatusSession talk) {
    if (!Files.isDirectory(settings.home)) {
      throw refused(
          "the state directory " + settings.home + " is not there",
          "start nginx with renderConfig(group).write()");
    }
    DiskTruth durable = durable();
    try {
      StatusAnswer answer = talk.status();
      status(answer, durable);
      vet(talk, answer, durable);
    } catch (IOException e) {
      throw refused(
          "nginx gives no answer of use at " + settings.door() + " (" + e.getMessage() + ")",
          "start it with the configuration that renderConfig(group) renders; its error log tells"
              + " why it does not run: "
              + settings.errorLog);
    }
    return new RouterReport(guarantees(), warnings());
  }

  /**
   * Tries with the worker at the other end whether it would see a switch, unless it was tried
   * shortly before: nginx may run with another configuration than it was opened with.
   *
   * @param status that this worker has just answered
   * @throws IOException if nginx does not answer
   * @throws RouterException if a switch would have no effect
   */
  void vet(StatusSession talk, StatusAnswer status, DiskTruth durable) throws IOException {
    String worker = status.header(LiveConfig.WORKER);
    Duration since = vetted.get(worker);
    if (since != null && time.elapsed().minus(since).compareTo(GOOD_FOR) < 0) {
      return;
    }
    for (Service service : group.routed()) {
      new LiveProbe(settings, config, service, talk).check(durable.splitOf(group));
    }
    if (worker.equals(talk.status().header(LiveConfig.WORKER))) {
      if (vetted.size() >= MOST_WORKERS) {
        vetted.clear();
      }
      vetted.put(worker, time.elapsed());
    }
  }

  /** Returns what each service's own server is asked, of those that a split gives one colour. */
  List<StatusRequest> questions(TrafficSplit split) {
    return sole(split).stream()
        .map(service -> new StatusRequest(LiveConfig.PROBE, config.names().host(service)))
        .toList();
  }

  /**
   * Returns which service's own server does not decide as a split says; empty if all do.
   *
   * @param answers to the {@link #questions} of this split
   */
  Optional<String> undecided(TrafficSplit split, List<StatusAnswer> answers) {
    List<Service> sole = sole(split);
    for (int i = 0; i < sole.size(); i++) {
      Service service = sole.get(i);
      String color = split.sole(service.name()).orElseThrow().label();
      if (!answers.get(i).ok()
          || !answers.get(i).body().contains(config.decision(service, color))) {
        return Optional.of("the server of " + service + " does not decide " + color);
      }
    }
    return Optional.empty();
  }

  private List<Service> sole(TrafficSplit split) {
    return group.routed().stream()
        .filter(service -> split.sole(service.name()).isPresent())
        .toList();
  }

  private DiskTruth durable() {
    try {
      return LiveDirectoryReader.read(settings.home);
    } catch (IOException e) {
      throw refused(
          "the state directory can't be read ("
              + Text.clean(String.valueOf(e.getMessage()), 300)
              + ")",
          "mend it, or move it away and begin anew with renderConfig(group).write()");
    }
  }

  private void status(StatusAnswer answer, DiskTruth durable) {
    if (durable.status().isEmpty()) {
      return;
    }
    if (!answer.ok()) {
      throw refused(
          "nginx answers " + answer.status() + " for " + settings.home + "/current/status.json",
          LiveProbe.UNSEEN);
    }
    GenerationStatus disk = durable.status().get();
    if (!disk.group().equals(group.name())) {
      throw refused(
          "the state directory is marked as group " + disk.group() + "'s",
          "give each group a directory of its own");
    }
    if (!answer.body().equals(disk.json())) {
      throw refused(
          "nginx reads another " + settings.home + " than this program", LiveProbe.UNSEEN);
    }
  }

  private Set<RouterGuarantee> guarantees() {
    EnumSet<RouterGuarantee> all = EnumSet.allOf(RouterGuarantee.class);
    if (settings.counter.isEmpty()) {
      all.remove(RouterGuarantee.DRAIN_KNOWN);
    }
    return all;
  }

  private List<Warning> warnings() {
    List<Warning> warnings = new ArrayList<>();
    if (settings.counter.isEmpty()) {
      warnings.add(
          new Warning(
              "nginx can't tell what a colour is still answering, so that a drain waits its whole"
                  + " time",
              "let the application count, and name the counter with inFlight(...)",
              Optional.of(RouterGuarantee.DRAIN_KNOWN)));
    }
    common(settings, warnings);
    return List.copyOf(warnings);
  }

  /** What both modes warn of. */
  static void common(NginxSettings settings, List<Warning> warnings) {
    Stream.concat(
            ResourceLock.exposure(settings.lock()).stream(),
            FileExposure.ofParents(settings.lock()).stream())
        .map(exposure -> new Warning(exposure.what(), exposure.remedy(), Optional.empty()))
        .forEach(warnings::add);
    if (settings.door().isSocket()) {
      warnings.add(
          new Warning(
              "an nginx that was killed leaves its status socket behind, and does not start again"
                  + " until it is deleted",
              "delete "
                  + settings.door()
                  + " before nginx starts (ExecStartPre=), or use a loopback"
                  + " address: status(\"http://127.0.0.1:8099\")",
              Optional.empty()));
    }
  }

  static RouterException refused(String reason, String remedy) {
    return new RouterException(
        "nginx can't be switched: " + reason + "; nothing was changed; remedy: " + remedy,
        Effect.UNCHANGED);
  }
}
