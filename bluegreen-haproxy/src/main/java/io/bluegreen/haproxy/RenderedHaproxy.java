package io.bluegreen.haproxy;

import java.util.Objects;

/**
 * A rendered configuration to start from. For a HAProxy in a container its paths and addresses are
 * those that are seen there, and its first lines say so. Immutable.
 *
 * @param haproxyCfg a whole {@code haproxy.cfg}; run it with {@code haproxy -W -S <socket> -f}
 * @param map the first content of the map file, which must be there when HAProxy starts, at the
 *     path that {@link HaproxyRouter#map} was given; empty in server mode, where HAProxy starts
 *     without a state file
 */
public record RenderedHaproxy(String haproxyCfg, String map) {
  /** Refuses null. */
  public RenderedHaproxy {
    Objects.requireNonNull(haproxyCfg, "haproxyCfg");
    Objects.requireNonNull(map, "map");
  }
}
