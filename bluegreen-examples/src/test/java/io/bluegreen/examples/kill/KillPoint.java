package io.bluegreen.examples.kill;

/**
 * The point at which a host is killed. Immutable.
 *
 * @param call the name of the call
 * @param occurrence of that call, from 1
 * @param position seen from the call
 */
record KillPoint(String call, int occurrence, Position position) {
  /** Seen from a call. */
  enum Position {
    BEFORE,
    /** At a random moment while it is under way. */
    INSIDE,
    AFTER
  }

  /** Reads what {@link #line} wrote. */
  static KillPoint of(String line) {
    String[] parts = line.split(" ", 3);
    return new KillPoint(parts[2], Integer.parseInt(parts[1]), Position.valueOf(parts[0]));
  }

  /** Returns the point as text, for the host and for a person that wants the same point again. */
  String line() {
    return position + " " + occurrence + " " + call;
  }

  /** Returns the call as the expectations name it. */
  String what() {
    return call + "#" + occurrence;
  }
}
