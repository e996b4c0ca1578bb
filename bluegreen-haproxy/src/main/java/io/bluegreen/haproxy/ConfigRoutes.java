package io.bluegreen.haproxy;

import io.bluegreen.haproxy.RoutingMode.Target;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Finds frontends that do not lead to the group's backends as the split has it, as far as the
 * configuration tells. A rule behind one that holds for every request is never asked.
 */
final class ConfigRoutes {
  private static final Pattern SET_VAR =
      Pattern.compile("(?:un)?set-var(?:-fmt)?\\(([^),]+).*\\).*");

  private final Set<String> backends;
  private final Path map;
  private final boolean byWeights;
  private final ConfigFile config;

  /** Creates the checks; nothing is read yet. */
  ConfigRoutes(RoutingMode mode, ConfigFile config) {
    this.backends = GroupServers.backends(mode);
    this.map = mode.file().loaded();
    this.byWeights =
        GroupServers.byBackend(mode).values().stream()
            .flatMap(List::stream)
            .noneMatch(Target::wholeBackend);
    this.config = config;
  }

  void run(OpenFindings findings) {
    List<String> shadowed = new ArrayList<>();
    boolean reached = false;
    for (List<ConfigLine> frontend : config.frontends()) {
      overwritten(frontend, findings);
      pastMap(frontend, findings);
      Optional<ConfigLine> first = frontend.stream().filter(this::leadsToOurs).findFirst();
      if (first.isPresent()) {
        Optional<ConfigLine> before = before(frontend, first.get());
        before.map(config::at).ifPresent(shadowed::add);
        reached |= before.isEmpty();
      }
    }
    if (!shadowed.isEmpty() && !reached) {
      throw OpenFindings.refused(
          "no request gets to the backends "
              + backends
              + ", for a rule before sends all of them"
              + " elsewhere: "
              + shadowed,
          "remove this line, or give it a condition, and reload");
    }
  }

  /**
   * Returns whether a line may lead to our backends; a name that is made of variables may be one of
   * them.
   */
  private boolean leadsToOurs(ConfigLine line) {
    return (line.begins("use_backend") || line.begins("default_backend"))
        && (backends.contains(line.word(1)) || line.word(1).contains("%["));
  }

  private Optional<ConfigLine> before(List<ConfigLine> frontend, ConfigLine ours) {
    // A default counts last, wherever it stands.
    int end = ours.begins("default_backend") ? frontend.size() : frontend.indexOf(ours);
    return frontend.subList(0, end).stream()
        .filter(line -> line.begins("use_backend") && !leadsToOurs(line) && line.unconditional())
        .findFirst();
  }

  /** Finds a frontend that was left as it was before the map, such as one of its own for TLS. */
  private void pastMap(List<ConfigLine> frontend, OpenFindings findings) {
    if (byWeights || frontend.stream().anyMatch(this::asksMap)) {
      return;
    }
    frontend.stream()
        .filter(line -> leadsToOurs(line) && backends.contains(line.word(1)))
        .filter(ConfigLine::unconditional)
        .findFirst()
        .ifPresent(
            line ->
                findings.warn(
                    "a frontend sends its users to one colour, whatever the map says: "
                        + config.at(line),
                    "look the map up in it, as renderConfig shows, and reload; if it is meant to be"
                        + " a port of that colour, give it a backend of its own, as renderConfig"
                        + " does for direct(...)"));
  }

  /** Finds a line that sets the variable with the map's value again, which overrides the split. */
  private void overwritten(List<ConfigLine> frontend, OpenFindings findings) {
    for (int i = 0; i < frontend.size(); i++) {
      Optional<String> variable = variable(frontend.get(i));
      if (variable.isPresent() && asksMap(frontend.get(i))) {
        frontend.subList(i + 1, frontend.size()).stream()
            .filter(later -> variable(later).equals(variable) && !asksMap(later))
            .findFirst()
            .ifPresent(
                later ->
                    findings.warn(
                        "a frontend overrides what the map says: " + config.at(later),
                        "remove this line, and reload"));
      }
    }
  }

  private boolean asksMap(ConfigLine line) {
    return line.words().stream()
        .anyMatch(word -> word.contains("(" + map + ",") || word.contains("(" + map + ")"));
  }

  private static Optional<String> variable(ConfigLine line) {
    if (!line.begins("http-request")) {
      return Optional.empty();
    }
    Matcher matcher = SET_VAR.matcher(line.word(1));
    return matcher.matches() ? Optional.of(matcher.group(1)) : Optional.empty();
  }
}
