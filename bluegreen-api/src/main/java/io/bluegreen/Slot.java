package io.bluegreen;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * One colour of one service of a group. Immutable.
 *
 * @param group the name of the group
 * @param service the service
 * @param color the colour
 */
public record Slot(String group, Service service, Color color) implements JsonForm {
  /** Refuses null. */
  public Slot {
    Objects.requireNonNull(group, "group");
    Objects.requireNonNull(service, "service");
    Objects.requireNonNull(color, "color");
  }

  /**
   * Returns its instances, one for each endpoint, in order; a background service without endpoints
   * has one instance without an endpoint.
   */
  public List<Instance> instances() {
    List<URI> endpoints = service.endpoints(color);
    if (endpoints.isEmpty()) {
      return List.of(new Instance(service.name(), color, 0, Optional.empty()));
    }
    List<Instance> instances = new ArrayList<>();
    for (URI endpoint : endpoints) {
      instances.add(new Instance(service.name(), color, instances.size(), Optional.of(endpoint)));
    }
    return List.copyOf(instances);
  }

  /** Returns the other colour of the same service. */
  public Slot other() {
    return new Slot(group, service, color.other());
  }

  /** Returns {@code service/colour}, such as {@code web/green}. */
  @Override
  public String toString() {
    return service + "/" + color;
  }
}
