package io.bluegreen.haproxy;

import io.bluegreen.support.DurableFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What can be told of a configuration by its words: which lines count for a backend, those of the
 * defaults that it stands behind, or names, included. A quoted word is none that is looked for.
 */
final class ConfigFile {
  private static final int LARGEST = 16 * 1024 * 1024;
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
          "fcgi-app");

  private record Section(List<String> title, Optional<Section> defaults, List<List<String>> lines) {
    boolean is(String kind) {
      return title.get(0).equals(kind);
    }

    boolean isBackend(String name) {
      return (is("backend") || is("listen")) && isNamed(name);
    }

    boolean isNamed(String name) {
      return title.size() > 1 && title.get(1).equals(name);
    }
  }

  private final List<Section> sections = new ArrayList<>();

  private ConfigFile() {}

  static ConfigFile read(Path file) throws IOException {
    ConfigFile read = new ConfigFile();
    // A link is usual here; and in which letters comments are written is nobody's business.
    byte[] bytes = DurableFile.read(file.toRealPath(), LARGEST);
    for (String line : new String(bytes, StandardCharsets.ISO_8859_1).split("\n", -1)) {
      List<String> words =
          Stream.of(line.replaceFirst("(^|\\s)#.*", "").strip().split("\\s+"))
              .filter(word -> !word.isEmpty())
              .toList();
      if (!words.isEmpty() && SECTIONS.contains(words.get(0))) {
        read.sections.add(new Section(words, read.defaultsOf(words), new ArrayList<>()));
      } else if (!words.isEmpty() && !read.sections.isEmpty()) {
        read.sections.get(read.sections.size() - 1).lines().add(words);
      }
    }
    return read;
  }

  private Optional<Section> defaultsOf(List<String> title) {
    int from = title.indexOf("from");
    boolean named = from > 0 && from + 1 < title.size();
    if (title.get(0).equals("defaults") && !named) {
      return Optional.empty();
    }
    return sections.stream()
        .filter(section -> section.is("defaults"))
        .filter(section -> !named || section.isNamed(title.get(from + 1)))
        .reduce((first, last) -> last);
  }

  /** Returns the lines of all global sections, in order. */
  List<List<String>> global() {
    return sections.stream()
        .filter(section -> section.is("global"))
        .flatMap(section -> section.lines().stream())
        .toList();
  }

  /** Returns the lines that count for a backend: its own first, then those of its defaults. */
  List<List<String>> backend(String name) {
    List<List<String>> lines = new ArrayList<>();
    for (Section section : sections) {
      Optional<Section> next = Optional.of(section).filter(s -> s.isBackend(name));
      while (next.isPresent()) {
        lines.addAll(next.get().lines());
        next = next.get().defaults();
      }
    }
    return lines;
  }
}
