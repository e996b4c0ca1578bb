package io.bluegreen;

import io.bluegreen.support.ArgumentChecks;
import io.bluegreen.support.Names;
import java.net.URI;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * What one manager manages: services that are switched together, under one name. Immutable.
 *
 * @param name 1 to 63 of {@code a-z}, {@code 0-9}, {@code -} and {@code _}, starting with one of
 *     the first two
 * @param services at least one; names and addresses are unique within the group; a routed service
 *     has at least one endpoint of each colour
 */
public record Group(String name, List<Service> services) implements JsonForm {
  /**
   * Validates and copies.
   *
   * @throws IllegalArgumentException if the name or a service breaks a rule above; the message
   *     names it
   */
  public Group {
    Objects.requireNonNull(name, "name");
    ArgumentChecks.noNulls("services", services);
    Names.name("group", name);
    services = List.copyOf(services);
    if (services.isEmpty()) {
      throw new IllegalArgumentException(
          "group " + name + ": no service; name at least one with service(Service.named(...))");
    }
    Map<String, Service> names = new HashMap<>();
    Map<String, Service> addresses = new HashMap<>();
    for (Service service : services) {
      if (names.put(service.name(), service) != null) {
        throw new IllegalArgumentException(
            "group " + name + ": two services have the name " + service.name());
      }
      for (URI address : service.all()) {
        Service other = addresses.put(address.getAuthority(), service);
        if (other != null) {
          throw new IllegalArgumentException(
              "group " + name + ": services " + other + " and " + service + " both use " + address);
        }
      }
      for (Color color : Color.values()) {
        if (service.routed() && service.endpoints(color).isEmpty()) {
          throw new IllegalArgumentException(
              "service "
                  + service
                  + ": no "
                  + color
                  + " endpoint; a routed service needs at least"
                  + " one of each colour");
        }
      }
    }
  }

  /** Returns the services that the router sends requests to, in order. */
  public List<Service> routed() {
    return services.stream().filter(Service::routed).toList();
  }

  /**
   * Returns the service with this name.
   *
   * @throws IllegalArgumentException if the group has none; the message lists those that it has
   */
  public Service service(String serviceName) {
    Objects.requireNonNull(serviceName, "serviceName");
    return services.stream()
        .filter(service -> service.name().equals(serviceName))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "service: group "
                        + name
                        + " has no service "
                        + Names.quoted(serviceName)
                        + ", it has "
                        + services));
  }

  /** Returns one colour of one service. */
  public Slot slot(String serviceName, Color color) {
    Objects.requireNonNull(serviceName, "serviceName");
    Objects.requireNonNull(color, "color");
    return new Slot(name, service(serviceName), color);
  }
}
