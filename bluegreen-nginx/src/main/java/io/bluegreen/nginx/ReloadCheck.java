package io.bluegreen.nginx;

import io.bluegreen.Group;
import io.bluegreen.RouterGuarantee;
import io.bluegreen.RouterReport;
import io.bluegreen.RouterReport.Warning;
import io.bluegreen.support.Text;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Finds out what can be promised with the nginx that runs, where each switch is a reload. */
final class ReloadCheck {
  /** In tests busy clients lost requests at 1 ms; at 1 s only clients that pause so long did. */
  static final Duration LEAST_KEPT = Duration.ofSeconds(1);

  private final NginxSettings settings;
  private final Path file;
  private final Group group;
  private final StatusPage page;
  private final FlightCounter flight;
  private final Set<RouterGuarantee> guarantees = EnumSet.allOf(RouterGuarantee.class);
  private final List<Warning> warnings = new ArrayList<>();

  ReloadCheck(
      NginxSettings settings, Path file, Group group, StatusPage page, FlightCounter flight) {
    this.flight = flight;
    this.settings = settings;
    this.file = file;
    this.group = group;
    this.page = page;
  }

  /**
   * Returns what can be promised.
   *
   * @throws io.bluegreen.RouterException if it can't be switched at all
   */
  RouterReport report() {
    RunningGeneration running;
    try {
      running = RunningGeneration.of(page.get(LiveConfig.STATUS));
    } catch (IOException e) {
      throw NginxRefusal.of(
          "it does not tell its generation at " + settings.door() + " (" + e.getMessage() + ")",
          "include "
              + settings.asNginxSees().generated.orElse(file)
              + " by name in the http block, as renderConfig(group) does, and start"
              + " nginx; its error log tells why it does not run: "
              + settings.errorLog);
    }
    if (!running.status().group().equals(group.name())) {
      throw NginxRefusal.of(
          file + " is marked as group " + running.status().group() + "'s",
          "give each group a file of its own");
    }
    try {
      GeneratedFile.read(file, group);
      if (settings.container.isPresent()) {
        new SharedFolderCheck(settings, file, page).run().ifPresent(warnings::add);
      }
    } catch (IOException e) {
      throw NginxRefusal.of(
          "the generated file can't be read ("
              + Text.clean(String.valueOf(e.getMessage()), 300)
              + ")",
          "make it a regular file that this program may read; where it is a link, name the file"
              + " that the link leads to");
    }
    if (!Files.isWritable(file.resolveSibling("."))) {
      throw NginxRefusal.of(
          "this program may not write to the directory of " + file,
          "give the directory to its user");
    }
    losses(running.version());
    drain(running);
    warnings.addAll(CommonWarnings.of(settings));
    return new RouterReport(guarantees, warnings);
  }

  private void losses(NginxVersion version) {
    lacks(
        RouterGuarantee.ATOMIC_GROUP,
        "during a reload, for about 100 ms, requests are answered by both generations in turn",
        "use live mode where several services must move at one instant");
    boolean keeps = keeps(version);
    stale();
    warnings.add(
        new Warning(
            "nginx 1.22 at least cuts some buffered responses that are under way at a reload",
            "proxy_buffering off in the locations that pass to the services, as"
                + " renderConfig(group) has it; or live mode",
            keeps ? Optional.empty() : Optional.of(RouterGuarantee.LOSSLESS)));
  }

  /** Returns whether clients that keep a connection lose nothing; else warns which of them do. */
  private boolean keeps(NginxVersion version) {
    if (version.compareTo(NginxVersion.KEEPS_IDLE_CONNECTIONS) < 0
        || settings.minTimeout.isEmpty()) {
      lacks(
          RouterGuarantee.LOSSLESS,
          "nginx "
              + version
              + " without keepalive_min_timeout closes idle connections at a reload,"
              + " so that a client that is just sending on one loses that request",
          "nginx 1.27.4 or later with keepalive_min_timeout, which keepaliveMinTimeout(...) tells"
              + " this router; or clients that send again; or live mode");
      return false;
    }
    Duration least = settings.minTimeout.get();
    if (least.compareTo(LEAST_KEPT) < 0) {
      lacks(
          RouterGuarantee.LOSSLESS,
          "a keepalive_min_timeout of "
              + least.toMillis()
              + " ms is over before the next request of a busy client has come, which is lost then",
          "keepaliveMinTimeout(...) of 1 s or more, and the same in nginx.conf; or live mode");
      return false;
    }
    warnings.add(
        new Warning(
            "a client that pauses for about "
                + least.toMillis()
                + " ms (keepalive_min_timeout) between two requests on one connection can lose the"
                + " second one at a reload, as it can at any time behind keepalive_timeout",
            "a keepalive_min_timeout that is longer than your clients pause, or than they keep a"
                + " connection; or clients that send again; or live mode",
            Optional.empty()));
    return true;
  }

  /**
   * Warns of connections that a former worker has accepted before the reload, and still answers.
   */
  private void stale() {
    lacks(
        RouterGuarantee.NO_STALE,
        "a connection that was opened before a reload, and asks its first request after it, is"
            + " still answered by the former colour, for up to client_header_timeout (60 s)"
            + (settings.minTimeout.isEmpty()
                ? ""
                : "; so is, with keepalive_min_timeout, one more request on a connection whose last"
                    + " answer was under way at the reload"),
        "live mode; or a short client_header_timeout, and accept it by name");
  }

  private void drain(RunningGeneration running) {
    boolean visible = NginxWorkers.around(running.pid(), settings).isPresent();
    boolean needed =
        settings.proof == ReloadProof.PROCESSES || settings.proof == ReloadProof.ASSISTED_QUIT;
    if (needed && !visible) {
      throw NginxRefusal.of(
          "its processes can't be seen, which the proof " + settings.proof + " needs",
          "run this program in the same PID namespace, or take the proof SENTINELS");
    }
    if (settings.counter.isEmpty()) {
      FlightSupport.tooOld(running.version())
          .or(flight::fault)
          .ifPresent(fault -> uncounted(fault, visible));
    }
    if (settings.proof == ReloadProof.QUIET_WINDOW) {
      lacks(
          RouterGuarantee.NO_STALE,
          "that only the new generation answers for a while proves little on a busy machine",
          "take the proof PROCESSES or SENTINELS");
    }
  }

  /**
   * Where former workers can be seen, what a split has sent to a slot is over when they have ended.
   * What else may come to it, nobody sees.
   */
  private void uncounted(FlightFault fault, boolean visible) {
    String remedy = fault.remedy() + "; or name a counter with inFlight(...)";
    if (!visible) {
      lacks(
          RouterGuarantee.DRAIN_KNOWN,
          "nginx's former workers can't be seen, so that a drain waits its whole time",
          (settings.container.isPresent()
                  ? ""
                  : "run this program in the same PID namespace (an nginx in a container has to be"
                      + " named with inContainer(...)), or ")
              + "name a counter with inFlight(...)");
    } else if (group.routed().stream().anyMatch(settings::reaches)) {
      lacks(
          RouterGuarantee.DRAIN_KNOWN,
          "nginx can't tell what comes by preview or direct ports, so that a drain waits its whole"
              + " time: "
              + fault.what(),
          remedy);
    } else {
      warnings.add(
          new Warning(
              "what is in flight is told by nginx's former workers alone: " + fault.what(),
              remedy,
              Optional.empty()));
    }
  }

  private void lacks(RouterGuarantee guarantee, String what, String remedy) {
    guarantees.remove(guarantee);
    warnings.add(new Warning(what, remedy, Optional.of(guarantee)));
  }
}
