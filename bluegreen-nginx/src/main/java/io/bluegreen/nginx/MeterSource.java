package io.bluegreen.nginx;

import io.bluegreen.Group;
import io.bluegreen.RouterException;
import io.bluegreen.RouterReport.Warning;
import io.bluegreen.TimeSource;
import io.bluegreen.TrafficMeter;
import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Gives out the meter once its log is proven, and says why there is none until then. */
final class MeterSource {
  private final NginxSettings settings;
  private final Group group;
  private final TimeSource time;
  private final LogProof proof;
  private @Nullable LogMeter proven;

  MeterSource(NginxSettings settings, Group group, TimeSource time) {
    this.settings = settings;
    this.group = group;
    this.time = time;
    this.proof = new LogProof(settings, group, time);
  }

  /** Returns why there is no meter; nothing if there is one. It is tried again at each call. */
  synchronized Optional<Warning> fault() {
    if (proven != null) {
      return Optional.empty();
    }
    Optional<Warning> fault = proof.fault();
    if (fault.isEmpty()) {
      try {
        proven = new LogMeter(group, settings.accessLog, time);
      } catch (IOException e) {
        return Optional.of(
            new Warning(
                "there is no meter, because the access log can't be read: " + e,
                "let this user read " + settings.accessLog,
                Optional.empty()));
      }
    }
    return fault;
  }

  /** Returns the meter; one that says why it can't be read where there is none. */
  synchronized TrafficMeter meter() {
    Optional<Warning> fault = fault();
    LogMeter meter = proven;
    if (meter == null) {
      return () -> {
        throw new RouterException(
            fault.map(Warning::toString).orElse("there is no meter"),
            RouterException.Effect.UNCHANGED);
      };
    }
    try {
      meter.begin();
    } catch (IOException unreadableNow) {
      return meter; // It says so itself when it is read.
    }
    return meter;
  }
}
