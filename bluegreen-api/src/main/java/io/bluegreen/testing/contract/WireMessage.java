package io.bluegreen.testing.contract;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A message of HTTP/1.1 as it was read.
 *
 * @param start its first line
 * @param fields the lines of its head
 * @param body what follows, without the framing of chunks
 * @param trailers the lines behind the last chunk
 */
record WireMessage(String start, List<String> fields, String body, List<String> trailers) {
  WireMessage {
    fields = List.copyOf(fields);
    trailers = List.copyOf(trailers);
  }

  /** Returns the status of an answer. */
  int status() {
    return Integer.parseInt(start.split(" ", 3)[1]);
  }

  /** Returns the value of each line of one name. */
  List<String> values(String name) {
    return values(fields, name).toList();
  }

  /** Returns the values of all lines of one name as one list; empty if there is none. */
  String value(String name) {
    return values(fields, name).collect(Collectors.joining(", "));
  }

  /** Returns the names of those lines that are not in the head with the same value. */
  List<String> missing(List<String> wanted) {
    return wanted.stream()
        .filter(line -> !values(nameOf(line)).contains(line.substring(line.indexOf(": ") + 2)))
        .map(WireMessage::nameOf)
        .toList();
  }

  /** Returns the values of one name behind the last chunk. */
  List<String> late(String name) {
    return values(trailers, name).toList();
  }

  /** Returns whether no body follows this head, unless it answers HEAD. */
  boolean isBodiless() {
    if (!start.startsWith("HTTP/")) {
      return values("Content-Length").isEmpty() && values("Transfer-Encoding").isEmpty();
    }
    return status() < 200 || status() == 204 || status() == 304;
  }

  private static String nameOf(String line) {
    return line.substring(0, line.indexOf(": "));
  }

  private static Stream<String> values(List<String> lines, String name) {
    return lines.stream()
        .filter(line -> line.regionMatches(true, 0, name + ":", 0, name.length() + 1))
        .map(line -> line.substring(name.length() + 1).strip());
  }
}
