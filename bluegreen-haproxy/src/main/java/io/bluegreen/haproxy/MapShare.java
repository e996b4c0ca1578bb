package io.bluegreen.haproxy;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The value of one service's key in the map: {@code 25:42} sends 25 percent to green, by the switch
 * of generation 42. Each share has exactly one spelling.
 */
record MapShare(int green, long generation) {
  private static final Pattern SPELLING = Pattern.compile("(0|[1-9]\\d?|100):(0|[1-9]\\d{0,17})");

  static Optional<MapShare> parse(String text) {
    Matcher matcher = SPELLING.matcher(text);
    return matcher.matches()
        ? Optional.of(
            new MapShare(Integer.parseInt(matcher.group(1)), Long.parseLong(matcher.group(2))))
        : Optional.empty();
  }

  @Override
  public String toString() {
    return green + ":" + generation;
  }
}
