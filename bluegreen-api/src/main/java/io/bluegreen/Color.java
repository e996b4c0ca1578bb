package io.bluegreen;

import io.bluegreen.support.Names;
import java.util.Objects;

/**
 * One of the two colours of a service. Which of them is live is asked of the router, never assumed.
 */
public enum Color {
  /** The colour that a router serves before anything was ever assigned. */
  BLUE("blue"),
  /** The other one. A {@link TrafficSplit} counts the percent of requests that this colour gets. */
  GREEN("green");

  private final String label;

  Color(String label) {
    this.label = label;
  }

  /** Returns the colour that this one takes turns with. */
  public Color other() {
    return this == BLUE ? GREEN : BLUE;
  }

  /** Returns {@code blue} or {@code green}: the spelling in files, commands, URLs and messages. */
  public String label() {
    return label;
  }

  /**
   * Returns the colour with this {@linkplain #label() label}.
   *
   * @throws IllegalArgumentException if it is neither {@code blue} nor {@code green}
   */
  public static Color of(String label) {
    Objects.requireNonNull(label, "label");
    for (Color color : values()) {
      if (color.label.equals(label)) {
        return color;
      }
    }
    throw new IllegalArgumentException(
        "color: expected blue or green, but was " + Names.quoted(label));
  }

  /** Returns the {@link #label()}. */
  @Override
  public String toString() {
    return label;
  }
}
