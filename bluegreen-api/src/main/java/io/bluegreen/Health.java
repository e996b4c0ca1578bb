package io.bluegreen;

import io.bluegreen.support.Text;
import java.util.Objects;

/**
 * The answer of one probe. Immutable.
 *
 * @param up whether the instance can take requests
 * @param detail why, for a person; bounded, without control characters
 */
public record Health(boolean up, String detail) {
  private static final int LONGEST_DETAIL = 300;

  /** Bounds and cleans the detail. */
  public Health {
    Objects.requireNonNull(detail, "detail");
    detail = Text.clean(detail, LONGEST_DETAIL);
  }

  /** Returns an answer of an instance that can take requests. */
  public static Health up(String detail) {
    return new Health(true, detail);
  }

  /** Returns an answer of an instance that can't, or that could not be asked. */
  public static Health down(String detail) {
    return new Health(false, detail);
  }

  /** Returns {@code UP} or {@code DOWN} with the detail. */
  @Override
  public String toString() {
    return (up ? "UP" : "DOWN") + (detail.isEmpty() ? "" : " (" + detail + ")");
  }
}
