package io.bluegreen.haproxy;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A server line of a configuration, or a template of several servers. Immutable.
 *
 * @param line the line itself
 * @param defaults the default-server lines before it, the farthest first
 */
record ConfiguredServer(ConfigLine line, List<ConfigLine> defaults) {
  private static final Pattern DIGITS = Pattern.compile("\\d{1,9}");

  /** Returns whether a running server of this name comes from this line. */
  boolean is(String server) {
    String name = line.word(1);
    return line.begins("server-template")
        ? server.startsWith(name) && DIGITS.matcher(server.substring(name.length())).matches()
        : server.equals(name);
  }

  /**
   * Returns the line that gives it an option: its own, or the nearest default that names the
   * option; empty if there is none, or {@code no-} takes the option away (configuration manual,
   * section 5.2).
   */
  Optional<ConfigLine> with(String option) {
    for (int i = defaults.size(); i >= 0; i--) {
      ConfigLine from = i == defaults.size() ? line : defaults.get(i);
      int has = from.words().lastIndexOf(option);
      int not = from.words().lastIndexOf("no-" + option);
      if (has > 0 || not > 0) {
        return has > not ? Optional.of(from) : Optional.empty();
      }
    }
    return Optional.empty();
  }
}
