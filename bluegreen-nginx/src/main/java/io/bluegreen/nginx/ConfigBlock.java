package io.bluegreen.nginx;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * A directive of nginx's configuration, with the directives between its braces. It is only read, to
 * tell what a configuration of the user's own does.
 *
 * @param words the name and the arguments, without quotes
 * @param within the directives between its braces
 */
record ConfigBlock(List<String> words, List<ConfigBlock> within) {
  private static final int MOST_FILES = 1000;
  private static final int LARGEST_FILE = 4 << 20;

  ConfigBlock {
    words = List.copyOf(words);
    within = List.copyOf(within);
  }

  /**
   * Reads a whole configuration, with all files that it includes.
   *
   * @param read is told of each file that belongs to it
   * @throws IOException if a file can't be read, or is no configuration
   */
  static ConfigBlock read(Path file, Consumer<Path> read) throws IOException {
    return new ConfigBlock(List.of("main"), new Reader(file, read).file(file));
  }

  String name() {
    return words.get(0);
  }

  boolean has(String argument) {
    return words.stream().skip(1).anyMatch(argument::equals);
  }

  /** Returns the directives of a name directly between its braces. */
  Stream<ConfigBlock> within(String name) {
    return within.stream().filter(block -> block.name().equals(name));
  }

  /** Returns whether it gives a variable a value. */
  boolean isSet(String variable) {
    return words.size() == 3 && name().equals("set") && words.get(1).equals(variable);
  }

  /** Returns this directive and all within it, at any depth. */
  Stream<ConfigBlock> all() {
    return Stream.concat(Stream.of(this), within.stream().flatMap(ConfigBlock::all));
  }

  @Override
  public String toString() {
    return String.join(" ", words);
  }

  private static final class Reader {
    private final Path base;
    private final Consumer<Path> read;
    private int files;

    Reader(Path first, Consumer<Path> read) {
      this.read = read;
      base = first.resolveSibling(".").normalize();
    }

    List<ConfigBlock> file(Path file) throws IOException {
      if (++files > MOST_FILES || Files.size(file) > LARGEST_FILE) {
        throw new IOException(file + " is too large, or includes too much");
      }
      read.accept(file);
      Tokens tokens = new Tokens(Files.readString(file, StandardCharsets.ISO_8859_1));
      List<ConfigBlock> found = blocks(tokens);
      if (!tokens.isAtEnd()) {
        throw new IOException(file + " has a brace that nothing opens");
      }
      return found;
    }

    private List<ConfigBlock> blocks(Tokens tokens) throws IOException {
      List<ConfigBlock> blocks = new ArrayList<>();
      List<String> words = new ArrayList<>();
      for (String token = tokens.next(); !token.isEmpty(); token = tokens.next()) {
        switch (token) {
          case "}" -> {
            return blocks;
          }
          case "{" -> {
            blocks.add(new ConfigBlock(named(words), blocks(tokens)));
            words.clear();
          }
          case ";" -> {
            if (words.size() == 2 && words.get(0).equals("include")) {
              blocks.addAll(included(words.get(1)));
            } else {
              blocks.add(new ConfigBlock(named(words), List.of()));
            }
            words.clear();
          }
          default -> words.add(Tokens.text(token));
        }
      }
      return blocks;
    }

    private static List<String> named(List<String> words) {
      return words.isEmpty() ? List.of("") : words;
    }

    private List<ConfigBlock> included(String pattern) throws IOException {
      Path path = base.resolve(pattern);
      String name = String.valueOf(path.getFileName());
      if (name.matches("[^*?\\[]*")) {
        return file(path);
      }
      List<Path> matching = new ArrayList<>();
      try (DirectoryStream<Path> found =
          Files.newDirectoryStream(path.resolveSibling(".").normalize(), name)) {
        found.forEach(matching::add);
      }
      Collections.sort(matching);
      List<ConfigBlock> blocks = new ArrayList<>();
      for (Path one : matching) {
        blocks.addAll(file(one));
      }
      return blocks;
    }
  }

  /**
   * The words and signs of one file. A word has a mark in front, so that a quoted brace is no sign.
   */
  private static final class Tokens {
    private static final char WORD = 'w';
    private final String text;
    private int at;

    Tokens(String text) {
      this.text = text;
    }

    static String text(String word) {
      return word.substring(1);
    }

    boolean isAtEnd() {
      return at >= text.length();
    }

    /** Returns the next word or sign; an empty text at the end. */
    String next() {
      skip();
      if (isAtEnd()) {
        return "";
      }
      char first = text.charAt(at);
      if (first == ';' || first == '{' || first == '}') {
        at++;
        return String.valueOf(first);
      }
      return first == '"' || first == '\'' ? quoted(first) : plain();
    }

    private void skip() {
      while (!isAtEnd() && (Character.isWhitespace(text.charAt(at)) || text.charAt(at) == '#')) {
        int line = text.indexOf('\n', at);
        at = text.charAt(at) != '#' ? at + 1 : line < 0 ? text.length() : line;
      }
    }

    private String quoted(char quote) {
      StringBuilder word = new StringBuilder().append(WORD);
      for (at++; !isAtEnd() && text.charAt(at) != quote; at++) {
        if (text.charAt(at) == '\\' && at + 1 < text.length()) {
          at++;
        }
        word.append(text.charAt(at));
      }
      at++;
      return word.toString();
    }

    private String plain() {
      StringBuilder word = new StringBuilder().append(WORD);
      for (; !isAtEnd(); at++) {
        char c = text.charAt(at);
        boolean variable = c == '{' && word.charAt(word.length() - 1) == '$';
        if (Character.isWhitespace(c) || c == ';' || (c == '{' && !variable)) {
          break;
        }
        if (c == '\\' && at + 1 < text.length()) {
          word.append(c);
          c = text.charAt(++at);
        }
        word.append(c);
      }
      return word.toString();
    }
  }
}
