package io.bluegreen.haproxy;

import io.bluegreen.Group;
import io.bluegreen.RouterException;
import io.bluegreen.RouterException.Effect;
import io.bluegreen.RouterReport;
import io.bluegreen.TimeSource;
import java.io.IOException;

/**
 * A HAProxy that an open router has examined, with the parts that end with the router.
 *
 * @param proxy HAProxy with all its workers
 * @param mode the mode that switches it
 * @param counters the meter of its statistics
 * @param report the promises that can be made with it
 * @param ours whether the time source is closed with it
 */
record OpenHaproxy(
    RunningHaproxy proxy,
    RoutingMode mode,
    HaproxyMeter counters,
    RouterReport report,
    boolean ours)
    implements AutoCloseable {
  /**
   * Examines HAProxy.
   *
   * @throws RouterException if HAProxy can't be switched at all
   */
  static OpenHaproxy open(HaproxySettings settings, Group group) {
    RoutingMode mode = mode(settings, group);
    boolean ours = settings.time().isEmpty();
    TimeSource time = settings.time().orElseGet(TimeSource::system);
    RunningHaproxy proxy = settings.proxy(time);
    try {
      OpenFindings findings = new OpenFindings();
      new OpenChecks(proxy, mode, settings.configuration()).run(findings);
      return new OpenHaproxy(
          proxy, mode, new HaproxyMeter(proxy, mode, group), findings.report(), ours);
    } catch (RuntimeApiException | IOException e) {
      end(ours, time);
      throw new RouterException(
          "HAProxy can't be switched: " + e.getMessage(), Effect.UNCHANGED, e);
    } catch (RuntimeException e) {
      end(ours, time);
      throw e;
    }
  }

  private static RoutingMode mode(HaproxySettings settings, Group group) {
    try {
      return settings.mode(group);
    } catch (IllegalArgumentException e) {
      throw new RouterException(
          "HAProxy can't be switched: " + e.getMessage(), Effect.UNCHANGED, e);
    }
  }

  @Override
  public void close() {
    end(ours, proxy.time());
  }

  private static void end(boolean ours, TimeSource time) {
    if (ours) {
      time.close();
    }
  }
}
