package io.bluegreen.engine;

import io.bluegreen.OperationRefusedException;
import io.bluegreen.RouterException;
import io.bluegreen.TrafficMeter;
import io.bluegreen.Watch;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;

/**
 * Makes sure, before anything is touched, that the router's meter can be read if a plan needs it.
 * Otherwise a gate without figures would be found inconclusive only in the bake, after the traffic
 * has moved.
 */
final class MeterCheck {
  private static final Duration ANSWER = Duration.ofSeconds(10);

  private final OperationRun run;

  MeterCheck(OperationRun run) {
    this.run = run;
  }

  /**
   * Reads the meter once if the steps need it.
   *
   * @throws OperationRefusedException if it can't be read; with the router's reason and remedy
   */
  void require(List<Step> steps) {
    Set<String> needing = new TreeSet<>();
    for (Step step : steps) {
      if (step instanceof HoldStep hold) {
        Watch watch = hold.watch();
        watch.gates().stream()
            .filter(name -> run.setup.gate(name).decides())
            .filter(name -> !run.setup.gate(name).needs().isEmpty())
            .forEach(name -> needing.add("gate " + name));
        if (watch.requests() > 0) {
          needing.add("the least number of requests");
        }
      }
    }
    if (needing.isEmpty()) {
      return;
    }
    try {
      run.within(ANSWER, "reading the router's meter", this::read);
    } catch (StepNotDone e) {
      throw refused(needing, e.reason());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw refused(needing, "interrupted");
    }
  }

  private TrafficMeter.Reading read() {
    TrafficMeter meter =
        run.setup
            .router()
            .meter()
            .orElseThrow(
                () ->
                    new RouterException(
                        "the router has no meter", RouterException.Effect.UNCHANGED));
    return Objects.requireNonNull(meter.read(), "the meter answered nothing");
  }

  private OperationRefusedException refused(Set<String> needing, String why) {
    return new OperationRefusedException(
        run.operation
            + " of group "
            + run.setup.group().name()
            + " is refused: "
            + String.join(", ", needing)
            + (needing.size() == 1 ? " needs" : " need")
            + " the router's meter, and that can't be read: "
            + why
            + "; nothing was touched");
  }
}
