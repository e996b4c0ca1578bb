package io.bluegreen.nginx;

import io.bluegreen.LatencyHistogram;
import io.bluegreen.TrafficMeter.Count;
import java.time.Duration;

/** Counts the requests of one slot that the access log tells of. Not safe for threads. */
final class SlotCounter {
  private final LatencyHistogram.Recorder latencies = new LatencyHistogram.Recorder();
  private long requests;
  private long clientErrors;
  private long serverErrors;

  void add(long status, String seconds) {
    requests++;
    if (status >= 400 && status < 500) {
      clientErrors++;
    } else if (status >= 500) {
      serverErrors++;
    }
    // The log tells how long a WebSocket was open, which says nothing about the speed of an answer.
    if (status != 101 && seconds.matches("[0-9]{1,9}(\\.[0-9]{1,6})?")) {
      long micros = Math.round(Double.parseDouble(seconds) * 1_000_000);
      latencies.add(Duration.ofNanos(micros * 1_000));
    }
  }

  Count count() {
    return Count.of(requests, clientErrors, serverErrors).with(latencies.latencies());
  }
}
