package io.bluegreen.support;

import java.util.Arrays;
import java.util.Collection;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Refuses arguments that are, or hold, null. The message begins with the argument's name, as of
 * {@link Objects#requireNonNull(Object, String)}, which is used where nothing is held.
 */
public final class Given {
  private Given() {}

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

  private static void refuse(String argument, @Nullable Object value) {
    if (value == null) {
      throw new NullPointerException(argument + ": has a null in it");
    }
  }
}
