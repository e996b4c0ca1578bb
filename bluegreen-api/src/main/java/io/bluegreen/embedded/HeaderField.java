package io.bluegreen.embedded;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Stream;

/** One line of a head: a name, which is the same in any case, and a value. */
record HeaderField(String name, String value) {
  boolean is(String other) {
    return name.equalsIgnoreCase(other);
  }

  /** Returns the elements of a list, in small letters. */
  Stream<String> tokens() {
    return Arrays.stream(value.split(",", -1))
        .map(token -> token.strip().toLowerCase(Locale.ROOT))
        .filter(token -> !token.isEmpty());
  }

  void write(StringBuilder to) {
    to.append(name).append(": ").append(value).append("\r\n");
  }

  static boolean isToken(String text) {
    return !text.isEmpty() && text.chars().allMatch(HeaderField::isTokenByte);
  }

  private static boolean isTokenByte(int c) {
    return (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || (c >= '0' && c <= '9')
        || "!#$%&'*+-.^_`|~".indexOf(c) >= 0;
  }
}
