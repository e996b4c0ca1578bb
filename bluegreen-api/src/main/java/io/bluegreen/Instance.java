package io.bluegreen;

import io.bluegreen.support.Names;
import java.net.URI;
import java.util.Objects;
import java.util.Optional;

/**
 * What one probe is about: one process of a slot, or, while a switch is confirmed, the front door
 * of a service. Immutable.
 *
 * @param service the name of the service
 * @param color the colour; of a front door the one that is to answer there now
 * @param index its place among the instances of the slot, from 0; 0 for a front door
 * @param endpoint where it answers; empty for a background service without endpoints
 * @param version the version that is to run there; empty where the record knows none, as for a slot
 *     that this library has not launched
 * @param atFrontDoor whether this is the service's front door
 */
public record Instance(
    String service,
    Color color,
    int index,
    Optional<URI> endpoint,
    Optional<String> version,
    boolean atFrontDoor)
    implements JsonForm {
  /**
   * Validates.
   *
   * @throws IllegalArgumentException if the version is malformed, as for {@link Release#of}
   */
  public Instance {
    Objects.requireNonNull(service, "service");
    Objects.requireNonNull(color, "color");
    Objects.requireNonNull(endpoint, "endpoint");
    Objects.requireNonNull(version, "version");
    version.ifPresent(known -> Names.value("version", known));
  }

  /** Creates one of a slot, of which the version is not known. */
  public Instance(String service, Color color, int index, Optional<URI> endpoint) {
    this(service, color, index, endpoint, Optional.empty(), false);
  }

  /** Returns the front door of a service, where the slot is to answer; empty if it has none. */
  public static Optional<Instance> frontDoor(Slot slot) {
    Objects.requireNonNull(slot, "slot");
    Service service = slot.service();
    return service
        .frontDoor()
        .map(
            door ->
                new Instance(
                    service.name(), slot.color(), 0, Optional.of(door), Optional.empty(), true));
  }

  /** Returns this with the version that is to run there; empty where none is known. */
  public Instance running(Optional<String> known) {
    Objects.requireNonNull(known, "known");
    return new Instance(service, color, index, endpoint, known, atFrontDoor);
  }

  /**
   * Returns {@code service/colour[index] endpoint}, or {@code front door of service endpoint}; the
   * version is not told.
   */
  @Override
  public String toString() {
    return (atFrontDoor ? "front door of " + service : service + "/" + color + "[" + index + "]")
        + endpoint.map(e -> " " + e).orElse("");
  }
}
