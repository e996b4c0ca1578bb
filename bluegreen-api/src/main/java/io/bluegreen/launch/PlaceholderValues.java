package io.bluegreen.launch;

import io.bluegreen.Instance;
import io.bluegreen.LaunchException;
import io.bluegreen.LaunchException.Effect;
import io.bluegreen.Release;
import io.bluegreen.Slot;
import io.bluegreen.support.Names;
import io.bluegreen.support.Template;
import io.bluegreen.support.Text;
import java.net.URI;
import java.util.HashSet;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;

/**
 * What the placeholders of one launch stand for. An attribute of a release is any text on one line.
 * So it is judged here, where it becomes part of an argument list: it must not be an option, lead
 * out of a directory, or be more than one word to a shell on another machine, such as behind ssh.
 * All else was validated where it entered the library, and is checked once more. Immutable.
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

  /** Letters, digits and what means nothing to any shell: enough for images, branches, digests. */
  private static final Pattern ATTRIBUTE =
      Pattern.compile("[A-Za-z0-9]([A-Za-z0-9._+:/@=-]{0,510}[A-Za-z0-9_+=-])?");

  private static final Pattern DOTS = Pattern.compile("(^|/)\\.{1,2}(/|$)|\\.\\.");

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
        more = more.attribute(name, release.attributes().getOrDefault(name, ""));
      }
    }
    return new PlaceholderValues(about + ", release " + release.version(), more.known, twice);
  }

  /** Returns these and the token of the launch. */
  PlaceholderValues withToken(String token) {
    return with("token", token);
  }

  /**
   * Returns a template filled in, to become an argument of a program.
   *
   * @throws LaunchException if a placeholder is unknown, or stands for what can't be part of an
   *     argument; the message says where, and what to write
   */
  String argument(Template template) {
    return fill(template, this::argument);
  }

  /**
   * Returns a template filled in, to become a variable of the environment: nothing parses it on the
   * way.
   *
   * @throws LaunchException if a placeholder is unknown; the message says where, and what to write
   */
  String variable(Template template) {
    return fill(template, this::text);
  }

  /** Returns whether these and others know all of these names, and mean the same by each. */
  boolean agree(PlaceholderValues others, Set<String> names) {
    return names.stream()
        .allMatch(name -> known.containsKey(name) && text(name).equals(others.known.get(name)));
  }

  private String fill(Template template, UnaryOperator<String> values) {
    Set<String> names = new HashSet<>(known.keySet());
    names.addAll(ambiguous);
    try {
      return template.requireKnown(names).fill(values);
    } catch (IllegalArgumentException e) {
      throw refused(e.getMessage() + " (each attribute of the release becomes a placeholder)");
    }
  }

  private String argument(String name) {
    String value = text(name);
    if (name.equals("host") || fits(value)) {
      return value;
    }
    if (ATTRIBUTE.matcher(value).matches() && !DOTS.matcher(value).find()) {
      return value;
    }
    throw refused(
        "the attribute {"
            + name
            + "} can't become part of an argument: expected letters, digits and '._+:/@=-',"
            + " starting with a letter or a digit and without '..', but was "
            + Names.quoted(value)
            + "; hand it over by environment(...), which takes any text");
  }

  private String text(String name) {
    if (ambiguous.contains(name)) {
      throw refused(
          "{"
              + name
              + "} is a placeholder of its own and also an attribute of the release; give the"
              + " attribute another name");
    }
    return known.getOrDefault(name, "");
  }

  private LaunchException refused(String why) {
    return new LaunchException(about + ": " + why + ". Nothing was started.", Effect.UNCHANGED);
  }

  private static boolean fits(String value) {
    return VALUE.matcher(value).matches() && !value.contains("..");
  }

  private PlaceholderValues attribute(String name, String value) {
    TreeMap<String, String> more = new TreeMap<>(known);
    more.put(name, value);
    return new PlaceholderValues(about, more, ambiguous);
  }

  private PlaceholderValues with(String name, String value) {
    boolean fits = name.equals("host") ? HOST.matcher(value).matches() : fits(value);
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
