package io.bluegreen.nginx;

import io.bluegreen.Deadline;
import io.bluegreen.Group;
import io.bluegreen.RouterException;
import io.bluegreen.RouterReport.Warning;
import io.bluegreen.TimeSource;
import io.bluegreen.TrafficMeter;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Hands out the meter once its log is proven, and says until then why there is none. */
final class MeterSource {
  /** Later nginx may have another configuration, so that the log is proven again. */
  private static final Duration GOOD_FOR = Duration.ofMinutes(1);

  private final NginxSettings settings;
  private final Group group;
  private final TimeSource time;
  private final AccessLogCheck proof;
  private @Nullable AccessLogMeter counting;
  private @Nullable Deadline goodUntil;

  MeterSource(NginxSettings settings, Group group, TimeSource time) {
    this.settings = settings;
    this.group = group;
    this.time = time;
    this.proof = new AccessLogCheck(settings, group, time);
  }

  /**
   * Returns why there is no meter; nothing if there is one. A proof is good for a minute; one that
   * has failed is tried again at each call.
   */
  synchronized Optional<Warning> fault() {
    boolean before = goodUntil != null;
    if (goodUntil != null && !goodUntil.over()) {
      return Optional.empty();
    }
    Optional<Warning> fault = proof.fault();
    // A caller with less time than a proof takes goes on with the last one.
    if (fault.isPresent() && !(before && Thread.currentThread().isInterrupted())) {
      goodUntil = null;
      return fault;
    }
    try {
      counting = counting == null ? new AccessLogMeter(group, settings.accessLog, time) : counting;
    } catch (IOException e) {
      return Optional.of(
          new Warning(
              "there is no meter, because the access log can't be read: " + e,
              "let this user read " + settings.accessLog,
              Optional.empty()));
    }
    goodUntil = time.deadline(GOOD_FOR);
    return Optional.empty();
  }

  /** Returns the meter, which says why it can't be read while there is none. */
  synchronized TrafficMeter meter() {
    try {
      if (counting != null) {
        counting.begin();
      }
    } catch (IOException unreadableNow) {
      return this::read; // It says so itself when it is read.
    }
    return this::read;
  }

  private synchronized TrafficMeter.Reading read() {
    Optional<Warning> fault = fault();
    AccessLogMeter meter = counting;
    if (fault.isPresent() || meter == null) {
      throw new RouterException(
          fault.map(Warning::toString).orElse("there is no meter"),
          RouterException.Effect.UNCHANGED);
    }
    return meter.read();
  }
}
