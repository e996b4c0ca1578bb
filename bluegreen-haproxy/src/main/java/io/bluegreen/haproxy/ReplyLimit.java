package io.bluegreen.haproxy;

import java.util.function.Predicate;

/**
 * The limit of a reply: as much as an honest answer to its command can have, so that none fills the
 * memory. A longer reply is refused, no matter what sends it.
 *
 * @param most the most bytes that are read
 * @param kept the most of these bytes that are kept
 * @param wanted whether a line is kept; the others are dropped as they come
 */
record ReplyLimit(int most, int kept, Predicate<String> wanted) {
  /** For a status, a number or an error; the longest of those is the help text of 2.4, 9 kB. */
  static final ReplyLimit WORDS = whole(64 * 1024);

  /** For one row for each worker. */
  static final ReplyLimit WORKERS = whole(1024 * 1024);

  /** For the entries of one map, 100,000 of them; and for the list of all maps. */
  static final ReplyLimit MAP = whole(4 * 1024 * 1024);

  /** For the rows of one proxy, or the heads of all. */
  static final ReplyLimit ROWS = whole(4 * 1024 * 1024);

  /** For a row of 250 to 500 bytes for each of 30,000 servers, or of as many streams. */
  static final ReplyLimit TABLE = whole(RuntimeApi.LARGEST_REPLY);

  private static ReplyLimit whole(int most) {
    return new ReplyLimit(most, most, line -> true);
  }

  /** Returns whether every line is wanted. */
  boolean whole() {
    return kept == most;
  }

  /** Returns the limit of a table of which only some lines are wanted. */
  static ReplyLimit of(Predicate<String> wanted) {
    return new ReplyLimit(TABLE.most, ROWS.most, wanted);
  }
}
