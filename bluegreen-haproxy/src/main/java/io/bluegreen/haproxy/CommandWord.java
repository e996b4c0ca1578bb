package io.bluegreen.haproxy;

import io.bluegreen.support.ArgumentChecks;
import java.nio.file.Path;
import java.util.Objects;
import java.util.regex.Pattern;

/**
 * Decides which words may get into a command. HAProxy splits a line at {@code ;}, at line breaks
 * and at blanks, unescapes {@code \}, takes {@code #} for an id or a comment and {@code @} for a
 * worker or a version, and waits for more lines after {@code <<}. None of these is escaped here;
 * all are refused.
 */
final class CommandWord {
  /**
   * The longest line that is sent. Near 16 kB (tune.bufsize) HAProxy hangs or closes the
   * connection.
   */
  static final int LONGEST_LINE = 12_000;

  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_.:-]{1,255}");
  private static final Pattern FILE = Pattern.compile("/[A-Za-z0-9_./:-]{1,1023}");
  private static final Pattern SESSION = Pattern.compile("0x[0-9a-f]{1,16}");

  private CommandWord() {}

  /**
   * Returns a backend, a server, a key or a value that keeps to HAProxy's own alphabet for names.
   */
  static String name(String argument, String value) {
    return ArgumentChecks.matching(argument, NAME, "1 to 255 of A-Z, a-z, 0-9 and '_.:-'", value);
  }

  /** Returns the name of a server as commands spell it, behind that of its backend. */
  static String server(String backend, String server) {
    return name("backend", backend) + "/" + name("server", server);
  }

  /** Returns the id of a session, as {@code show sess} spells it. */
  static String session(String argument, String value) {
    return ArgumentChecks.matching(argument, SESSION, "0x and hexadecimal digits", value);
  }

  /** Returns the path of a map, as HAProxy's configuration spells it. */
  static String file(String argument, Path value) {
    Objects.requireNonNull(value, argument);
    return ArgumentChecks.matching(
        argument, FILE, "an absolute path of A-Z, a-z, 0-9 and '/_.:-'", value.toString());
  }
}
