package io.bluegreen.nginx;

import io.bluegreen.Group;
import io.bluegreen.Guarantee;
import io.bluegreen.RouterException;
import io.bluegreen.RouterException.Effect;
import io.bluegreen.RouterReport;
import io.bluegreen.RouterReport.Warning;
import io.bluegreen.Service;
import io.bluegreen.TimeSource;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Finds out, with real requests, whether a renamed link has an effect on the nginx that runs. */
final class LiveCheck {
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
  RouterReport report() {
    if (!Files.isDirectory(settings.home)) {
      throw refused(
          "the state directory " + settings.home + " is not there",
          "start nginx with renderConfig(group).write()");
    }
    try {
      Durable durable = StateReader.read(settings.home);
      status(durable);
      for (Service service : group.routed()) {
        try (LiveProbe probe = new LiveProbe(settings, config, service, time)) {
          probe.check(durable.splitOf(group));
        }
      }
    } catch (IOException e) {
      throw refused(
          "nginx does not answer at " + settings.door + " (" + e.getMessage() + ")",
          "start it with the configuration that renderConfig(group) renders; its error log tells"
              + " why it does not run: "
              + settings.errorLog);
    }
    return new RouterReport(guarantees(), warnings());
  }

  private void status(Durable durable) throws IOException {
    DoorAnswer answer = new StatusPage(settings.door, time).get(LiveConfig.STATUS);
    if (durable.status().isEmpty()) {
      return;
    }
    if (!answer.ok()) {
      throw refused(
          "nginx answers " + answer.status() + " for " + settings.home + "/current/status.json",
          LiveProbe.UNSEEN);
    }
    Status disk = durable.status().get();
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

  private Set<Guarantee> guarantees() {
    EnumSet<Guarantee> all = EnumSet.allOf(Guarantee.class);
    if (settings.counter.isEmpty()) {
      all.remove(Guarantee.DRAIN_KNOWN);
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
              Optional.of(Guarantee.DRAIN_KNOWN)));
    }
    common(settings, warnings);
    return List.copyOf(warnings);
  }

  /** What both modes warn of. */
  static void common(NginxSettings settings, List<Warning> warnings) {
    if (settings.door.isSocket()) {
      warnings.add(
          new Warning(
              "an nginx that was killed leaves its status socket behind, and does not start again"
                  + " until it is deleted",
              "delete "
                  + settings.door
                  + " before nginx starts (ExecStartPre=), or use a loopback"
                  + " address: status(\"http://127.0.0.1:8099\")",
              Optional.empty()));
    }
    if (!Files.isReadable(settings.accessLog)) {
      warnings.add(
          new Warning(
              "there is no meter, because the access log " + settings.accessLog + " can't be read",
              "let this user read it, or name the right one with accessLog(...)",
              Optional.empty()));
    }
  }

  static RouterException refused(String reason, String remedy) {
    return new RouterException(
        "nginx can't be switched: " + reason + "; nothing was changed; remedy: " + remedy,
        Effect.UNCHANGED);
  }
}
