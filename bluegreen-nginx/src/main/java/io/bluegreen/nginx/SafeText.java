package io.bluegreen.nginx;

import io.bluegreen.support.ArgumentChecks;
import io.bluegreen.support.Text;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Judges what may be written into a configuration of nginx. {@code nginx -t} is no guard: a value
 * with a semicolon or a newline passes it and becomes a directive. So only what is known to be
 * harmless is let through.
 */
final class SafeText {
  private static final Pattern PATH = Pattern.compile("/[A-Za-z0-9/._-]{1,200}");
  private static final Pattern COOKIE = Pattern.compile("[a-z][a-z0-9_]{0,31}");
  private static final Pattern HEADER = Pattern.compile("[A-Za-z][A-Za-z0-9-]{0,63}");
  private static final Pattern USER = Pattern.compile("[a-z_][a-z0-9_-]{0,31}");

  /** What the kernel takes as the path of a unix socket, without its end marker. */
  private static final int LONGEST_SOCKET = 107;

  private SafeText() {}

  /** Returns the absolute path, if it needs no quoting in nginx's configuration. */
  static Path path(String argument, Path path) {
    Path absolute = path.toAbsolutePath();
    if (!PATH.matcher(absolute.toString()).matches() || !absolute.equals(absolute.normalize())) {
      throw new IllegalArgumentException(
          argument
              + ": expected a path of A-Z, a-z, 0-9 and '/._-' without '..', 200 characters at"
              + " most, but was "
              + quoted(absolute.toString()));
    }
    return absolute;
  }

  static Path socket(Path path) {
    Path absolute = path("status socket", path);
    if (absolute.toString().length() > LONGEST_SOCKET) {
      throw new IllegalArgumentException(
          "status socket: a unix socket's path has at most "
              + LONGEST_SOCKET
              + " characters, but this has "
              + absolute.toString().length()
              + "; set another one, or a loopback address: "
              + quoted(absolute.toString()));
    }
    return absolute;
  }

  static String cookie(String name) {
    return ArgumentChecks.matching(
        "cookie", COOKIE, "1 to 32 of a-z, 0-9 and '_', starting with a-z", name);
  }

  static String header(String name) {
    return ArgumentChecks.matching("header", HEADER, "1 to 64 letters, digits and '-'", name);
  }

  static String user(String name) {
    return ArgumentChecks.matching("user", USER, "a user name", name);
  }

  /** Refuses a name that could become the same variable of nginx as another one: it has no '-'. */
  static String name(String argument, String name) {
    if (name.contains("--") || name.endsWith("-")) {
      throw new IllegalArgumentException(
          argument
              + ": nginx's variables can't tell this name from others; expected no '--' and no '-'"
              + " at the end, but was "
              + quoted(name));
    }
    return name;
  }

  static List<String> command(List<String> argv) {
    if (argv.isEmpty() || argv.get(0).isBlank() || argv.stream().anyMatch(a -> a.contains("\0"))) {
      throw new IllegalArgumentException("command: expected a program and its arguments");
    }
    return List.copyOf(argv);
  }

  static String quoted(String value) {
    return '"' + Text.clean(value, 100) + '"';
  }
}
