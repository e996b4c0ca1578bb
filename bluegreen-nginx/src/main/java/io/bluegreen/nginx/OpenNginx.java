package io.bluegreen.nginx;

import io.bluegreen.Group;
import io.bluegreen.Router;
import io.bluegreen.RouterException;
import io.bluegreen.RouterReport;
import io.bluegreen.RouterReport.Warning;
import io.bluegreen.TimeSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What an open router works with, and has to close.
 *
 * @param mode that switches nginx
 * @param report what can be promised with this nginx
 * @param meter of its access log, as soon as that is proven
 * @param time for all waiting
 * @param ours whether the time belongs to the router, and is closed with it
 */
record OpenNginx(Mode mode, RouterReport report, MeterSource meter, TimeSource time, boolean ours)
    implements AutoCloseable {
  /**
   * Looks at nginx.
   *
   * @throws io.bluegreen.RouterException if it can't be switched at all
   */
  static OpenNginx open(NginxSettings settings, Router.Opening opening) {
    requireSeen(settings, opening.group());
    boolean ours = settings.time.isEmpty();
    TimeSource time = settings.time.orElseGet(TimeSource::system);
    try {
      Mode mode =
          settings.generated.isPresent()
              ? new ReloadMode(settings, settings.generated.get(), opening, time)
              : new LiveMode(settings, opening, time);
      RouterReport report = mode.open(opening);
      MeterSource meter = new MeterSource(settings, opening.group(), time);
      return new OpenNginx(mode, with(report, meter.fault()), meter, time, ours);
    } catch (RuntimeException e) {
      if (ours) {
        time.close();
      }
      throw e;
    }
  }

  /** Refuses what the container of nginx does not share, or calls otherwise than was told. */
  private static void requireSeen(NginxSettings settings, Group group) {
    try {
      settings.asNginxSees();
      settings.asNginxSees(group);
    } catch (IllegalArgumentException e) {
      throw new RouterException(
          "nginx can't be switched: " + e.getMessage() + "; nothing was changed",
          RouterException.Effect.UNCHANGED,
          e);
    }
  }

  @Override
  public void close() {
    if (ours) {
      time.close();
    }
  }

  private static RouterReport with(RouterReport report, Optional<Warning> more) {
    List<Warning> warnings = new ArrayList<>(report.warnings());
    more.ifPresent(warnings::add);
    return new RouterReport(report.guarantees(), warnings);
  }
}
