package io.bluegreen.nginx;

import io.bluegreen.Group;
import io.bluegreen.Router;
import io.bluegreen.RouterReport;
import io.bluegreen.TimeSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An nginx that was looked at, and what has to end with its router.
 *
 * @param mode that switches it
 * @param report what can be promised with it
 * @param meter of its access log, if that can be read
 * @param time of all that waits
 * @param ours whether the time is closed with it
 */
record OpenNginx(
    Mode mode, RouterReport report, Optional<LogMeter> meter, TimeSource time, boolean ours)
    implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(OpenNginx.class);

  /**
   * Looks at it.
   *
   * @throws io.bluegreen.RouterException if it can't be switched at all
   */
  static OpenNginx open(NginxSettings settings, Router.Opening opening) {
    boolean ours = settings.time.isEmpty();
    TimeSource time = settings.time.orElseGet(TimeSource::system);
    try {
      Mode mode =
          settings.generated.isPresent()
              ? new ReloadMode(settings, settings.generated.get(), opening, time)
              : new LiveMode(settings, opening, time);
      RouterReport report = mode.open(opening);
      return new OpenNginx(
          mode, report, meter(settings.accessLog, opening.group(), time), time, ours);
    } catch (RuntimeException e) {
      if (ours) {
        time.close();
      }
      throw e;
    }
  }

  @Override
  public void close() {
    meter.ifPresent(LogMeter::close);
    if (ours) {
      time.close();
    }
  }

  private static Optional<LogMeter> meter(Path log, Group group, TimeSource time) {
    if (!Files.isReadable(log) || !Files.isRegularFile(log)) {
      return Optional.empty();
    }
    try {
      return Optional.of(new LogMeter(group, log, time));
    } catch (IOException e) {
      LOG.warn("there is no meter: {} can't be read", log, e);
      return Optional.empty();
    }
  }
}
