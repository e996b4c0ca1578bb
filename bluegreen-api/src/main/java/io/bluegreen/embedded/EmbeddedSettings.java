package io.bluegreen.embedded;

import io.bluegreen.TimeSource;
import io.bluegreen.support.TrustedProxies;
import java.util.Optional;

/**
 * How a router routes, apart from the split.
 *
 * @param lentTime whether the time was given to the router, and is closed by its owner
 */
record EmbeddedSettings(
    Optional<StickyCookie> sticky,
    Optional<PreviewHeader> preview,
    TrustedProxies trusted,
    TimeSource time,
    boolean lentTime) {
  static EmbeddedSettings defaults() {
    return new EmbeddedSettings(
        Optional.empty(), Optional.empty(), TrustedProxies.NONE, TimeSource.system(), false);
  }

  EmbeddedSettings with(StickyCookie cookie) {
    return new EmbeddedSettings(Optional.of(cookie), preview, trusted, time, lentTime);
  }

  EmbeddedSettings with(PreviewHeader header) {
    return new EmbeddedSettings(sticky, Optional.of(header), trusted, time, lentTime);
  }

  EmbeddedSettings with(TrustedProxies proxies) {
    return new EmbeddedSettings(sticky, preview, proxies, time, lentTime);
  }

  EmbeddedSettings with(TimeSource lent) {
    return new EmbeddedSettings(sticky, preview, trusted, lent, true);
  }
}
