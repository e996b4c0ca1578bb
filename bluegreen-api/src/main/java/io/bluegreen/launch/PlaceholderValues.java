package io.bluegreen.launch;

import io.bluegreen.Instance;
import io.bluegreen.LaunchException;
import io.bluegreen.LaunchException.Effect;
import io.bluegreen.Release;
import io.bluegreen.Slot;
import io.bluegreen.support.Text;
import java.net.URI;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * What the placeholders of one launch stand for. Each value was validated where it entered the
 * library, and is checked once more here, because it becomes part of an argument list. Immutable.
 */
final class PlaceholderValues {
  /** Placeholders that differ between the instances of a slot. */
  static final Set<String> OF_INSTANCE = Set.of("host", "index", "port");

  /** Placeholders that mean the same whatever release is deployed. */
  static final Set<String> OF_SLOT =
      Set.of("group", "service", "color", "host", "index", "port", "token");

  private static final Pattern VALUE = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._+-]{0,127}");
  private static final Pattern HOST =
      Pattern.compile("[A-Za-z0-9][A-Za-z0-9.-]{0,252}|[0-9A-Fa-f:]{2,39}");

  private final String about;
  private final SortedMap<String, String> known;
  private final Set<String> ambiguous;

  private PlaceholderValues(String about, SortedMap<String, String> known, Set<String> ambiguous) {
    this.about = about;
    this.known = known;
    this.ambiguous = ambiguous;
  }

  /** Returns what is the same for all instances of a slot. */
  static PlaceholderValues of(Slot slot) {
    PlaceholderValues none = new PlaceholderValues(slot.toString(), new TreeMap<>(), Set.of());
    return none.with("group", slot.group())
        .with("service", slot.service().name())
        .with("color", slot.color().label());
  }

  /** Returns these and what one instance adds; one without an endpoint has no host and no port. */
  PlaceholderValues at(Instance instance) {
    PlaceholderValues more = with("index", Integer.toString(instance.index()));
    if (instance.endpoint().isPresent()) {
      URI endpoint = instance.endpoint().get();
      String host = endpoint.getHost();
      // A literal IPv6 address has brackets in a URL only.
      more =
          more.with("host", host.startsWith("[") ? host.substring(1, host.length() - 1) : host)
              .with("port", Integer.toString(endpoint.getPort()));
    }
    return new PlaceholderValues(instance.toString(), more.known, ambiguous);
  }

  /** Returns these and the version and the attributes of a release. */
  PlaceholderValues with(Release release) {
    PlaceholderValues more = with("version", release.version());
    Set<String> twice = new TreeSet<>();
    for (String name : release.attributes().keySet()) {
      if (OF_SLOT.contains(name) || name.equals("version")) {
        twice.add(name);
      } else {
        more = more.with(name, release.attributes().getOrDefault(name, ""));
      }
    }
    return new PlaceholderValues(about + ", release " + release.version(), more.known, twice);
  }

  /** Returns these and the token of the launch. */
  PlaceholderValues withToken(String token) {
    return with("token", token);
  }

  /**
   * Returns a value.
   *
   * @throws LaunchException if there is none of this name; the message lists those that there are
   */
  String get(String name) {
    if (ambiguous.contains(name)) {
      throw new LaunchException(
          about
              + ": {"
              + name
              + "} is a placeholder of its own and also an attribute of the release; give the"
              + " attribute another name. Nothing was started.",
          Effect.UNCHANGED);
    }
    String value = known.get(name);
    if (value == null) {
      throw new LaunchException(
          about
              + ": the placeholder {"
              + name
              + "} is unknown; known are "
              + known.keySet()
              + " (an attribute of the release becomes a placeholder). Nothing was started.",
          Effect.UNCHANGED);
    }
    return value;
  }

  private PlaceholderValues with(String name, String value) {
    boolean fits =
        name.equals("host")
            ? HOST.matcher(value).matches()
            : VALUE.matcher(value).matches() && !value.contains("..");
    if (!fits) {
      throw new LaunchException(
          about
              + ": the value of {"
              + name
              + "} can't become part of an argument list: \""
              + Text.clean(value, 80)
              + '"',
          Effect.UNCHANGED);
    }
    TreeMap<String, String> more = new TreeMap<>(known);
    more.put(name, value);
    return new PlaceholderValues(about, more, ambiguous);
  }
}
