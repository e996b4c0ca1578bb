package io.bluegreen;

import io.bluegreen.support.ArgumentChecks;
import io.bluegreen.support.Names;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * One thing that a group runs in two colours: a routed one, which answers requests, or a background
 * one, which answers none and of which only one colour may run at a time. Immutable; each method
 * returns a changed copy.
 *
 * <pre>{@code
 * Service.named("web").blue("http://127.0.0.1:5005").green("http://127.0.0.1:5006")
 *     .frontDoor("http://127.0.0.1:8080")
 * }</pre>
 */
public final class Service implements JsonForm {
  private final String name;
  private final boolean routed;
  private final List<URI> blue;
  private final List<URI> green;
  private final Optional<URI> frontDoor;
  private final Optional<HealthCheck> frontDoorCheck;

  private Service(
      String name,
      boolean routed,
      List<URI> blue,
      List<URI> green,
      Optional<URI> frontDoor,
      Optional<HealthCheck> frontDoorCheck) {
    this.name = name;
    this.routed = routed;
    this.blue = blue;
    this.green = green;
    this.frontDoor = frontDoor;
    this.frontDoorCheck = frontDoorCheck;
    Set<String> seen = new HashSet<>();
    for (URI endpoint : all()) {
      if (!seen.add(endpoint.getAuthority())) {
        throw new IllegalArgumentException(
            "service "
                + name
                + ": the endpoint "
                + endpoint
                + " is named twice; each instance of"
                + " blue and of green, and the front door, needs an address of its own");
      }
    }
  }

  /**
   * Returns a routed service, still without endpoints.
   *
   * @param name 1 to 63 of {@code a-z}, {@code 0-9}, {@code -} and {@code _}, starting with one of
   *     the first two
   * @throws IllegalArgumentException if the name has anything else
   */
  public static Service named(String name) {
    Objects.requireNonNull(name, "name");
    return empty(name, true);
  }

  /**
   * Returns a background service: it takes part in no split, and its two colours never run at once.
   * It is handed over after the traffic of the routed services has moved: the live colour is
   * stopped, the candidate started and proved; if that fails the live colour is started again.
   *
   * @param name as for {@link #named}
   * @throws IllegalArgumentException if the name has anything else
   */
  public static Service background(String name) {
    Objects.requireNonNull(name, "name");
    return empty(name, false);
  }

  private static Service empty(String name, boolean routed) {
    return new Service(
        Names.name("service", name),
        routed,
        List.of(),
        List.of(),
        Optional.empty(),
        Optional.empty());
  }

  /**
   * Returns this service with the endpoints of its blue instances, {@code scheme://host:port} with
   * the scheme http, https or tcp.
   *
   * @throws IllegalArgumentException if one is malformed, has a port outside 1 to 65535, or is used
   *     already
   */
  public Service blue(String... endpoints) {
    ArgumentChecks.noNulls("endpoints", endpoints);
    return new Service(name, routed, parse("blue", endpoints), green, frontDoor, frontDoorCheck);
  }

  /**
   * Returns this service with the endpoints of its green instances; as {@link #blue}.
   *
   * @throws IllegalArgumentException as {@link #blue}
   */
  public Service green(String... endpoints) {
    ArgumentChecks.noNulls("endpoints", endpoints);
    return new Service(name, routed, blue, parse("green", endpoints), frontDoor, frontDoorCheck);
  }

  /**
   * Returns this service with the address at which its users reach it through the router. After a
   * switch the manager checks the service there, by the service's own health check; without it a
   * result says that it was confirmed by router truth only.
   *
   * @throws IllegalArgumentException as {@link #blue}
   */
  public Service frontDoor(String endpoint) {
    Objects.requireNonNull(endpoint, "endpoint");
    return with(endpoint, Optional.empty());
  }

  /**
   * Returns this service with the address at which its users reach it, and what is to be found
   * there after a switch. For a front door that is not like the instances behind it (it hides
   * {@code /health}, sends users to https, answers other names with an error), and to prove that
   * users get the very version that was deployed:
   *
   * <pre>{@code
   * .frontDoor("http://127.0.0.1:8080", HttpHealthCheck.get("/version").expectText("{version}"))
   * }</pre>
   *
   * @param check is given an {@link Instance} that is {@linkplain Instance#atFrontDoor at the front
   *     door}, with the version that users are to get if the record knows it; as often as a slot is
   *     checked. The manager closes it. It takes no part in {@link #equals}
   * @throws IllegalArgumentException as {@link #blue}
   */
  public Service frontDoor(String endpoint, HealthCheck check) {
    Objects.requireNonNull(endpoint, "endpoint");
    Objects.requireNonNull(check, "check");
    return with(endpoint, Optional.of(check));
  }

  private Service with(String endpoint, Optional<HealthCheck> check) {
    URI door = Names.endpoint("service " + name + ": front door", endpoint);
    return new Service(name, routed, blue, green, Optional.of(door), check);
  }

  /** Returns the name. */
  public String name() {
    return name;
  }

  /** Returns whether the router sends it requests; otherwise it is a background service. */
  public boolean routed() {
    return routed;
  }

  /** Returns the endpoints of one colour, in order; may be empty for a background service. */
  public List<URI> endpoints(Color color) {
    Objects.requireNonNull(color, "color");
    return color == Color.BLUE ? blue : green;
  }

  /** Returns where its users reach it, if that was told. */
  public Optional<URI> frontDoor() {
    return frontDoor;
  }

  /** Returns what checks the front door, if it is not the service's own check. */
  public Optional<HealthCheck> frontDoorCheck() {
    return frontDoorCheck;
  }

  /** Returns this service with other addresses of its instances and its front door. */
  Service at(UnaryOperator<URI> address) {
    return new Service(
        name,
        routed,
        blue.stream().map(address).toList(),
        green.stream().map(address).toList(),
        frontDoor.map(address),
        frontDoorCheck);
  }

  /** Returns every address that this service occupies. */
  List<URI> all() {
    List<URI> all = new ArrayList<>(blue);
    all.addAll(green);
    frontDoor.ifPresent(all::add);
    return all;
  }

  private List<URI> parse(String color, String... endpoints) {
    List<URI> parsed = new ArrayList<>();
    for (String endpoint : endpoints) {
      parsed.add(Names.endpoint("service " + name + ": " + color, endpoint));
    }
    return List.copyOf(parsed);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Service that
        && name.equals(that.name)
        && routed == that.routed
        && blue.equals(that.blue)
        && green.equals(that.green)
        && frontDoor.equals(that.frontDoor);
  }

  @Override
  public int hashCode() {
    return name.hashCode();
  }

  /** Returns the name. */
  @Override
  public String toString() {
    return name;
  }
}
