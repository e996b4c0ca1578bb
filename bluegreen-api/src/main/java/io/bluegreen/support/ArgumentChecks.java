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
  /**
   * The longest duration that is taken, 365 days: longer than anybody waits, and short enough to be
   * added up and counted in nanoseconds. What is longer would fail only where it is used.
   */
  public static final Duration LONGEST = Duration.ofDays(365);

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
   * Returns a duration that is more than zero, and at most {@link #LONGEST}.
   *
   * @throws IllegalArgumentException if it is not, with the argument's name
   */
  public static Duration positive(String argument, Duration value) {
    Objects.requireNonNull(argument, "argument");
    Objects.requireNonNull(value, argument);
    if (value.isNegative() || value.isZero()) {
      throw wrong(argument, "more than zero", value);
    }
    return notTooLong(argument, value);
  }

  /**
   * Returns a duration that is zero or more, and at most {@link #LONGEST}.
   *
   * @throws IllegalArgumentException if it is not, with the argument's name
   */
  public static Duration notNegative(String argument, Duration value) {
    Objects.requireNonNull(argument, "argument");
    Objects.requireNonNull(value, argument);
    if (value.isNegative()) {
      throw wrong(argument, "zero or more", value);
    }
    return notTooLong(argument, value);
  }

  /**
   * Returns a number that is large enough.
   *
   * @throws IllegalArgumentException if it is not, with the argument's name
   */
  public static long atLeast(String argument, long least, long value) {
    Objects.requireNonNull(argument, "argument");
    if (value < least) {
      throw wrong(argument, least + " or more", value);
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
      throw wrong(argument, least + " to " + most, value);
    }
    return value;
  }

  /**
   * Returns a number within bounds, which belong to it.
   *
   * @throws IllegalArgumentException if it is outside or no number, with the argument's name
   */
  public static double between(String argument, double least, double most, double value) {
    Objects.requireNonNull(argument, "argument");
    if (!(value >= least && value <= most)) { // So that NaN is refused, too.
      throw wrong(argument, shown(least) + " to " + shown(most), value);
    }
    return value;
  }

  /**
   * Refuses an argument for which a condition is not met. It is for rules that no other method here
   * has.
   *
   * @param met whether the argument is as expected
   * @param expected what is expected, for a person, such as {@code a name without a colon}
   * @param value what the argument is, which the message shows; so give no secret
   * @throws IllegalArgumentException if the condition is not met
   */
  public static void require(String argument, boolean met, String expected, Object value) {
    Objects.requireNonNull(argument, "argument");
    Objects.requireNonNull(expected, "expected");
    Objects.requireNonNull(value, argument);
    if (!met) {
      throw wrong(argument, expected, value);
    }
  }

  /**
   * Refuses two arguments of one type that do not go together. The message says which of the two
   * comes first, because often they were swapped.
   *
   * @param first the name of the argument that comes first in the call
   * @param firstValue what it is
   * @param second the name of the other
   * @param secondValue what it is
   * @param met whether they go together
   * @param expected what is expected of them, for a person
   * @throws IllegalArgumentException if they do not
   */
  public static void requireBoth(
      String first,
      Object firstValue,
      String second,
      Object secondValue,
      boolean met,
      String expected) {
    Objects.requireNonNull(first, "first");
    Objects.requireNonNull(firstValue, first);
    Objects.requireNonNull(second, "second");
    Objects.requireNonNull(secondValue, second);
    Objects.requireNonNull(expected, "expected");
    if (!met) {
      throw new IllegalArgumentException(
          "%s and %s: expected %s, but they were %s and %s; the %s is the first of the two"
              .formatted(first, second, expected, shown(firstValue), shown(secondValue), first));
    }
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
      throw wrong(argument, expected, Names.quoted(value));
    }
    return value;
  }

  private static IllegalArgumentException wrong(String argument, String expected, Object value) {
    return new IllegalArgumentException(
        argument + ": expected " + expected + ", but was " + shown(value));
  }

  /** Returns a value for a person: 2 s and not PT2S, 1 and not 1.0. */
  private static String shown(Object value) {
    if (value instanceof Duration duration) {
      return Durations.describe(duration);
    }
    if (value instanceof Double number && number == Math.rint(number) && Math.abs(number) < 1e15) {
      return Long.toString(number.longValue());
    }
    return value.toString();
  }

  private static Duration notTooLong(String argument, Duration value) {
    if (value.compareTo(LONGEST) > 0) {
      throw wrong(argument, "at most " + LONGEST.toDays() + " days", value);
    }
    return value;
  }

  private static void refuse(String argument, @Nullable Object value) {
    if (value == null) {
      throw new NullPointerException(argument + ": has a null in it");
    }
  }
}
