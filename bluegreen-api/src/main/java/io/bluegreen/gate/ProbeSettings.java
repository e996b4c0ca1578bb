package io.bluegreen.gate;

import io.bluegreen.support.HttpCall;
import java.time.Duration;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * What a probe gate was told. Immutable; each method returns a changed copy.
 *
 * @param every how often a probe comes due; empty for one at each look
 * @param limit how long one probe may take
 * @param trust the trust in certificates; null for the JVM's own
 */
record ProbeSettings(
    HttpCall call,
    ProbeTarget target,
    ExpectedAnswer expected,
    Optional<Duration> every,
    Duration limit,
    ProbeLimits limits,
    @Nullable SSLContext trust) {
  ProbeSettings with(HttpCall other) {
    return new ProbeSettings(other, target, expected, every, limit, limits, trust);
  }

  ProbeSettings with(ProbeTarget other) {
    return new ProbeSettings(call, other, expected, every, limit, limits, trust);
  }

  ProbeSettings with(ExpectedAnswer other) {
    return new ProbeSettings(call, target, other, every, limit, limits, trust);
  }

  ProbeSettings with(ProbeLimits other) {
    return new ProbeSettings(call, target, expected, every, limit, other, trust);
  }

  ProbeSettings every(Duration interval) {
    return new ProbeSettings(call, target, expected, Optional.of(interval), limit, limits, trust);
  }

  ProbeSettings within(Duration longest) {
    return new ProbeSettings(call, target, expected, every, longest, limits, trust);
  }

  ProbeSettings trusting(SSLContext context) {
    return new ProbeSettings(call, target, expected, every, limit, limits, context);
  }
}
