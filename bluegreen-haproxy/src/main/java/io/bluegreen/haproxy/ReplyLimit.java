package io.bluegreen.haproxy;

import java.util.function.Predicate;

/**
 * How much of a reply is read: what its command can honestly answer, and not the memory of this
 * process. What is longer is refused, no matter what sends it.
 *
 * @param most the most bytes that are read
 * @param kept the most bytes that are kept of them
 * @param wanted which lines are kept; the others are let go as they come
 */
record ReplyLimit(int most, int kept, Predicate<String> wanted) {
  /** A status, a number or an error; the longest of those is the help text of 2.4, 9 kB. */
  static final ReplyLimit WORDS = whole(64 * 1024);

  /** One row for each worker. */
  static final ReplyLimit WORKERS = whole(1024 * 1024);

  /** The entries of one map, 100,000 of them; and the list of all maps. */
  static final ReplyLimit MAP = whole(4 * 1024 * 1024);

  /** The rows of one proxy, or the heads of all. */
  static final ReplyLimit ROWS = whole(4 * 1024 * 1024);

  /** A row of 250 to 500 bytes for each of 30,000 servers, or for as many streams. */
  static final ReplyLimit TABLE = whole(RuntimeApi.LARGEST_REPLY);

  private static ReplyLimit whole(int most) {
    return new ReplyLimit(most, most, line -> true);
  }

  /** Returns whether every line is wanted. */
  boolean whole() {
    return kept == most;
  }

  /** Returns the limit of a table where only some lines are wanted. */
  static ReplyLimit of(Predicate<String> wanted) {
    return new ReplyLimit(TABLE.most, ROWS.most, wanted);
  }
}
