package io.bluegreen;

import io.bluegreen.support.ArgumentChecks;
import io.bluegreen.support.Names;
import java.util.Collections;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * For each routed service of a group the percent of its requests that green gets. Neutral: it says
 * nothing of live and candidate, and services may differ in colour. Immutable.
 *
 * @param green percent to green, 0 to 100, by the name of the service; the rest goes to blue
 */
public record TrafficSplit(Map<String, Integer> green) implements JsonForm {
  /**
   * Validates and copies.
   *
   * @throws IllegalArgumentException if a percent is outside 0 to 100, or a name is no service name
   */
  public TrafficSplit {
    ArgumentChecks.noNulls("green", green);
    TreeMap<String, Integer> sorted = new TreeMap<>(green);
    sorted.forEach(
        (service, percent) -> {
          Names.name("service", service);
          ArgumentChecks.between("percent of " + service, 0, 100, percent);
        });
    green = Collections.unmodifiableMap(sorted);
  }

  /** Returns the split that sends every routed service of the group to one colour. */
  public static TrafficSplit all(Group group, Color color) {
    Objects.requireNonNull(group, "group");
    Objects.requireNonNull(color, "color");
    TreeMap<String, Integer> green = new TreeMap<>();
    group.routed().forEach(service -> green.put(service.name(), color == Color.GREEN ? 100 : 0));
    return new TrafficSplit(green);
  }

  /** Returns the names of the services that it speaks of, sorted. */
  public Set<String> services() {
    return green.keySet();
  }

  /**
   * Returns the percent of requests that a colour of a service gets.
   *
   * @throws IllegalArgumentException if this split does not speak of that service
   */
  public int share(String service, Color color) {
    Objects.requireNonNull(service, "service");
    Objects.requireNonNull(color, "color");
    Integer percent = green.get(service);
    if (percent == null) {
      throw new IllegalArgumentException("service: the split " + this + " has no " + service);
    }
    return color == Color.GREEN ? percent : 100 - percent;
  }

  /**
   * Returns the colour that gets every request of the service, or empty while both get some.
   *
   * @throws IllegalArgumentException if this split does not speak of that service
   */
  public Optional<Color> sole(String service) {
    Objects.requireNonNull(service, "service");
    int percent = share(service, Color.GREEN);
    return percent == 100
        ? Optional.of(Color.GREEN)
        : percent == 0 ? Optional.of(Color.BLUE) : Optional.empty();
  }

  /**
   * Returns this split with another share of one service.
   *
   * @param percent how much of the requests {@code color} gets, 0 to 100
   * @throws IllegalArgumentException if percent is outside 0 to 100
   */
  public TrafficSplit with(String service, Color color, int percent) {
    Objects.requireNonNull(service, "service");
    Objects.requireNonNull(color, "color");
    TreeMap<String, Integer> more = new TreeMap<>(green);
    more.put(service, color == Color.GREEN ? percent : 100 - percent);
    return new TrafficSplit(more);
  }

  /** Returns the split for a person, such as {@code web blue, shop 25% green}. */
  @Override
  public String toString() {
    return describe(Set.of());
  }

  /**
   * Returns the split for a person, such as {@code web blue, shop nothing yet}.
   *
   * @param nothingYet services for which nothing was ever assigned: the proxy would send their
   *     requests to the colour of its default, on which nothing was ever live
   */
  public String describe(Set<String> nothingYet) {
    ArgumentChecks.noNulls("nothingYet", nothingYet);
    return green.keySet().stream()
        .map(
            service ->
                service
                    + " "
                    + (nothingYet.contains(service)
                        ? "nothing yet"
                        : sole(service)
                            .map(Color::label)
                            .orElseGet(() -> green.get(service) + "% green")))
        .collect(Collectors.joining(", "));
  }

  /** Returns this split of some services only. */
  public TrafficSplit only(Set<String> some) {
    ArgumentChecks.noNulls("some", some);
    TreeMap<String, Integer> kept = new TreeMap<>(green);
    kept.keySet().retainAll(some);
    return new TrafficSplit(kept);
  }
}
