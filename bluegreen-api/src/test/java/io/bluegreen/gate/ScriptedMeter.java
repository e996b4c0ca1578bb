package io.bluegreen.gate;

import io.bluegreen.Color;
import io.bluegreen.Gate;
import io.bluegreen.LatencyHistogram;
import io.bluegreen.Phase;
import io.bluegreen.Service;
import io.bluegreen.Slot;
import io.bluegreen.TrafficMeter;
import io.bluegreen.TrafficSplit;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A meter whose counts a test sets, and the moments that it lets a gate judge. Blue is live. */
final class ScriptedMeter implements TrafficMeter {
  private final List<Service> services = new ArrayList<>();
  private final Map<Slot, Count> counts = new HashMap<>();
  private final Map<Slot, LatencyHistogram.Recorder> times = new HashMap<>();
  private String deployment = "d1";
  private Phase phase = Phase.SHIFT;
  private int percent = 10;
  Instant at = Instant.EPOCH;

  ScriptedMeter(String... names) {
    for (String name : names) {
      Service service =
          Service.named(name).blue("http://127.0.0.1:10101").green("http://127.0.0.1:10102");
      services.add(service);
      for (Color color : Color.values()) {
        counts.put(slot(name, color), Count.ZERO);
        times.put(slot(name, color), new LatencyHistogram.Recorder());
      }
    }
  }

  Slot slot(String service, Color color) {
    Service found =
        services.stream().filter(s -> s.name().equals(service)).findFirst().orElseThrow();
    return new Slot("shop", found, color);
  }

  /** Candidate. */
  ScriptedMeter green(long requests, long errors) {
    return answered("web", Color.GREEN, requests, errors, Duration.ofMillis(20));
  }

  /** Live. */
  ScriptedMeter blue(long requests, long errors) {
    return answered("web", Color.BLUE, requests, errors, Duration.ofMillis(20));
  }

  ScriptedMeter answered(String service, Color color, long requests, long errors, Duration each) {
    Slot slot = slot(service, color);
    times.get(slot).add(each, requests);
    Count count = counts.get(slot);
    return says(
        service,
        color,
        Count.of(count.requests() + requests, count.clientErrors(), count.serverErrors() + errors)
            .with(times.get(slot).latencies()));
  }

  ScriptedMeter says(String service, Color color, Count count) {
    counts.put(slot(service, color), count);
    return this;
  }

  LatencyHistogram latencies(String service, Color color) {
    return times.get(slot(service, color)).latencies();
  }

  ScriptedMeter after(Duration time) {
    at = at.plus(time);
    return this;
  }

  ScriptedMeter deployment(String id) {
    deployment = id;
    return this;
  }

  ScriptedMeter shift(int toGreen) {
    phase = toGreen == 100 ? Phase.BAKE : Phase.SHIFT;
    percent = toGreen;
    return this;
  }

  Gate.Context context() {
    return context(this);
  }

  Gate.Context context(TrafficMeter meter) {
    TrafficSplit split = new TrafficSplit(Map.of());
    for (Service service : services) {
      split = split.with(service.name(), Color.GREEN, percent);
    }
    return new Gate.Context(
        deployment,
        phase,
        Optional.empty(),
        services.stream().map(service -> slot(service.name(), Color.GREEN)).toList(),
        services.stream().map(service -> slot(service.name(), Color.BLUE)).toList(),
        split,
        Duration.ZERO,
        Optional.of(meter));
  }

  @Override
  public Reading read() {
    return new Reading(at, counts);
  }
}
