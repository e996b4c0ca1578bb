package io.bluegreen.embedded;

import io.bluegreen.TimeSource;
import java.util.Optional;

/**
 * How a router was told to route, apart from the split.
 *
 * @param lentTime whether somebody else closes the time
 */
record Settings(
    Optional<StickyCookie> sticky,
    Optional<PreviewHeader> preview,
    TimeSource time,
    boolean lentTime) {
  static Settings defaults() {
    return new Settings(Optional.empty(), Optional.empty(), TimeSource.system(), false);
  }

  Settings with(StickyCookie cookie) {
    return new Settings(Optional.of(cookie), preview, time, lentTime);
  }

  Settings with(PreviewHeader header) {
    return new Settings(sticky, Optional.of(header), time, lentTime);
  }

  Settings with(TimeSource lent) {
    return new Settings(sticky, preview, lent, true);
  }
}
