package io.bluegreen.support;

import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Checks the arguments of methods and records, so that each kind of mistake has one wording
 * everywhere. The message starts with the name of the argument, as the message of {@link
 * Objects#requireNonNull(Object, String)} does. That method is used where an argument must not be
 * null and there is nothing else to check.
 */
public final class ArgumentChecks {
  private ArgumentChecks() {}

  /**
   * Refuses a collection that is null or has a null in it.
   *
   * @throws NullPointerException with the argument's name
   */
  public static void noNulls(String argument, @Nullable Collection<?> values) {
    Objects.requireNonNull(argument, "argument");
    Objects.requireNonNull(values, argument);
    // By hand: contains(null) itself throws in some collections.
    for (Object value : values) {
      refuse(argument, value);
    }
  }

  /**
   * Refuses a map that is null or has a null as key or value.
   *
   * @throws NullPointerException with the argument's name
   */
  public static void noNulls(String argument, @Nullable Map<?, ?> values) {
    Objects.requireNonNull(argument, "argument");
    Objects.requireNonNull(values, argument);
    noNulls(argument, values.keySet());
    noNulls(argument, values.values());
  }

  /**
   * Refuses an array, such as of a varargs parameter, that is null or has a null in it.
   *
   * @throws NullPointerException with the argument's name
   */
  public static void noNulls(String argument, Object @Nullable [] values) {
    Objects.requireNonNull(argument, "argument");
    noNulls(argument, Arrays.asList(Objects.requireNonNull(values, argument)));
  }

  /**
   * Refuses what has nothing in it.
   *
   * @throws IllegalArgumentException with the argument's name
   */
  public static void notEmpty(String argument, Collection<?> values) {
    Objects.requireNonNull(argument, "argument");
    Objects.requireNonNull(values, argument);
    if (values.isEmpty()) {
      throw new IllegalArgumentException(argument + ": expected at least one");
    }
  }

  /**
   * Returns a duration that is more than zero.
   *
   * @throws IllegalArgumentException if it is not, with the argument's name
   */
  public static Duration positive(String argument, Duration value) {
    Objects.requireNonNull(argument, "argument");
    Objects.requireNonNull(value, argument);
    if (value.isNegative() || value.isZero()) {
      throw new IllegalArgumentException(
          argument + ": expected more than zero, but was " + Durations.describe(value));
    }
    return value;
  }

  /**
   * Returns a duration that is zero or more.
   *
   * @throws IllegalArgumentException if it is not, with the argument's name
   */
  public static Duration notNegative(String argument, Duration value) {
    Objects.requireNonNull(argument, "argument");
    Objects.requireNonNull(value, argument);
    if (value.isNegative()) {
      throw new IllegalArgumentException(
          argument + ": expected no negative duration, but was " + Durations.describe(value));
    }
    return value;
  }

  /**
   * Returns a number that is large enough.
   *
   * @throws IllegalArgumentException if it is not, with the argument's name
   */
  public static long atLeast(String argument, long least, long value) {
    Objects.requireNonNull(argument, "argument");
    if (value < least) {
      throw new IllegalArgumentException(
          argument + ": expected " + least + " or more, but was " + value);
    }
    return value;
  }

  /**
   * Returns a number within bounds, which belong to it.
   *
   * @throws IllegalArgumentException if it is outside, with the argument's name
   */
  public static int between(String argument, int least, int most, int value) {
    Objects.requireNonNull(argument, "argument");
    if (value < least || value > most) {
      throw new IllegalArgumentException(
          argument + ": expected " + least + " to " + most + ", but was " + value);
    }
    return value;
  }

  /**
   * Returns a text that is wholly what a pattern says.
   *
   * @param expected what that is, for a person
   * @throws IllegalArgumentException if it is not, with the argument's name and the text, cleaned
   *     and bounded
   */
  public static String matching(String argument, Pattern pattern, String expected, String value) {
    Objects.requireNonNull(argument, "argument");
    Objects.requireNonNull(pattern, "pattern");
    Objects.requireNonNull(expected, "expected");
    Objects.requireNonNull(value, argument);
    if (!pattern.matcher(value).matches()) {
      throw new IllegalArgumentException(
          argument + ": expected " + expected + ", but was " + Names.quoted(value));
    }
    return value;
  }

  private static void refuse(String argument, @Nullable Object value) {
    if (value == null) {
      throw new NullPointerException(argument + ": has a null in it");
    }
  }
}
