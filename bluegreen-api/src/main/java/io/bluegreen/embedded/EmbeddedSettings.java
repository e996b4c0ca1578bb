package io.bluegreen.embedded;

import io.bluegreen.TimeSource;
import java.util.Optional;

/**
 * How a router routes, apart from the split.
 *
 * @param lentTime whether the time was given to the router, and is closed by its owner
 */
record EmbeddedSettings(
    Optional<StickyCookie> sticky,
    Optional<PreviewHeader> preview,
    TimeSource time,
    boolean lentTime) {
  static EmbeddedSettings defaults() {
    return new EmbeddedSettings(Optional.empty(), Optional.empty(), TimeSource.system(), false);
  }

  EmbeddedSettings with(StickyCookie cookie) {
    return new EmbeddedSettings(Optional.of(cookie), preview, time, lentTime);
  }

  EmbeddedSettings with(PreviewHeader header) {
    return new EmbeddedSettings(sticky, Optional.of(header), time, lentTime);
  }

  EmbeddedSettings with(TimeSource lent) {
    return new EmbeddedSettings(sticky, preview, lent, true);
  }
}
