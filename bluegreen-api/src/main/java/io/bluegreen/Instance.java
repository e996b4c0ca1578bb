package io.bluegreen;

import java.net.URI;
import java.util.Optional;

/**
 * One process of a slot, as a health check sees it. Immutable.
 *
 * @param service the name of the service
 * @param color the colour
 * @param index its place among the instances of the slot, from 0
 * @param endpoint where it answers; empty for a background service without endpoints. While a
 *     switch is confirmed this is the service's front door
 */
public record Instance(String service, Color color, int index, Optional<URI> endpoint) {
  /** Returns {@code service/colour[index] endpoint}. */
  @Override
  public String toString() {
    return service + "/" + color + "[" + index + "]" + endpoint.map(e -> " " + e).orElse("");
  }
}
