package io.bluegreen.haproxy;

import io.bluegreen.support.DurableFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads a configuration, and tells which lines count for a backend. The lines of the defaults that
 * it stands behind, or that it names, count too.
 */
final class ConfigFile {
  private static final int LARGEST = 16 * 1024 * 1024;

  /** The most lines that are kept: ten for each of 10,000 servers. */
  private static final int MOST_LINES = 100_000;

  private static final int LONGEST_LINE = 16 * 1024;

  private static final Set<String> SECTIONS =
      Set.of(
          "global",
          "defaults",
          "frontend",
          "backend",
          "listen",
          "peers",
          "resolvers",
          "userlist",
          "mailers",
          "program",
          "ring",
          "cache",
          "http-errors",
          "log-forward",
          "log-profile",
          "traces",
          "crt-store",
          "fcgi-app");

  /**
   * The first words of the lines that are kept. The other lines answer no question that is asked
   * here.
   */
  private static final Set<String> LOOKED_AT =
      Set.of(
          "server-state-file",
          "load-server-state-from-file",
          "server",
          "default-server",
          "server-template",
          "use-server",
          "stick",
          "cookie",
          "option",
          "no",
          "force-persist",
          "retry-on",
          "http-request",
          "tcp-request",
          "acl",
          "use_backend",
          "default_backend");

  /** A proxy section, or a defaults section. */
  private record Section(ConfigLine title, Optional<Section> defaults, List<ConfigLine> lines) {
    boolean is(String kind) {
      return title.begins(kind);
    }

    boolean isBackend(String name) {
      return (is("backend") || is("listen")) && isNamed(name);
    }

    boolean isNamed(String name) {
      return title.word(1).equals(name);
    }
  }

  private final Path path;
  private final List<Section> sections = new ArrayList<>();
  private final Map<String, Section> namedDefaults = new HashMap<>();
  private @Nullable Section lastDefaults;

  private ConfigFile(Path path) {
    this.path = path;
  }

  static ConfigFile read(Path file) throws IOException {
    // A link is usual here, and comments may be in any charset.
    byte[] bytes = DurableFile.read(file.toRealPath(), LARGEST);
    return of(file, new String(bytes, StandardCharsets.ISO_8859_1));
  }

  static ConfigFile of(Path file, String text) throws IOException {
    ConfigFile read = new ConfigFile(file);
    int number = 0;
    int kept = 0;
    for (int from = 0; from < text.length(); ) {
      int end = text.indexOf('\n', from);
      end = end < 0 ? text.length() : end;
      number++;
      // HAProxy refuses a line of more than 64 words.
      ConfigLine line =
          ConfigLine.of(number, text.substring(from, Math.min(end, from + LONGEST_LINE)));
      from = end + 1;
      if (SECTIONS.contains(line.word(0))) {
        read.sections.add(read.section(line));
        kept++;
      } else if (LOOKED_AT.contains(line.word(0)) && !read.sections.isEmpty()) {
        read.sections.get(read.sections.size() - 1).lines().add(line);
        kept++;
      }
      if (kept > MOST_LINES) {
        throw new IOException(
            file + " has more than " + MOST_LINES + " lines of servers, sections and rules");
      }
    }
    return read;
  }

  private Section section(ConfigLine title) {
    int from = title.words().indexOf("from");
    boolean named = from > 0 && from + 1 < title.words().size();
    Optional<Section> defaults =
        named
            ? Optional.ofNullable(namedDefaults.get(title.word(from + 1)))
            : Optional.ofNullable(title.begins("defaults") ? null : lastDefaults);
    Section section = new Section(title, defaults, new ArrayList<>());
    if (section.is("defaults")) {
      lastDefaults = section;
      namedDefaults.put(title.word(1), section);
    }
    return section;
  }

  /** Returns the lines of all global sections, in order. */
  List<ConfigLine> global() {
    return sections.stream()
        .filter(section -> section.is("global"))
        .flatMap(section -> section.lines().stream())
        .toList();
  }

  /** Returns the lines that count for a backend: its own first, then those of its defaults. */
  List<ConfigLine> backend(String name) {
    List<ConfigLine> lines = new ArrayList<>();
    for (Section section : backends(name)) {
      for (Optional<Section> next = Optional.of(section);
          next.isPresent();
          next = next.get().defaults()) {
        lines.addAll(next.get().lines());
      }
    }
    return lines;
  }

  /** Returns the servers of a backend, each with what its default-server lines say for it. */
  List<ConfiguredServer> servers(String name) {
    List<ConfiguredServer> servers = new ArrayList<>();
    for (Section section : backends(name)) {
      List<ConfigLine> defaults =
          new ArrayList<>(section.defaults().map(this::defaults).orElse(List.of()));
      for (ConfigLine line : section.lines()) {
        if (line.begins("default-server")) {
          defaults.add(line);
        } else if (line.begins("server") || line.begins("server-template")) {
          servers.add(new ConfiguredServer(line, List.copyOf(defaults)));
        }
      }
    }
    return servers;
  }

  private List<ConfigLine> defaults(Section section) {
    List<ConfigLine> lines =
        new ArrayList<>(section.defaults().map(this::defaults).orElse(List.of()));
    section.lines().stream().filter(line -> line.begins("default-server")).forEach(lines::add);
    return lines;
  }

  /** Returns the rules of each proxy that takes connections, in order. */
  List<List<ConfigLine>> frontends() {
    return sections.stream()
        .filter(section -> section.is("frontend") || section.is("listen"))
        .map(section -> List.copyOf(section.lines()))
        .toList();
  }

  /** Returns whether this file has the backend; a configuration may have several files. */
  boolean has(String backend) {
    return !backends(backend).isEmpty();
  }

  private List<Section> backends(String name) {
    return sections.stream().filter(section -> section.isBackend(name)).toList();
  }

  Path path() {
    return path;
  }

  /** Returns the place of a line, as a text for people. */
  String at(ConfigLine line) {
    return path + " " + line;
  }
}
