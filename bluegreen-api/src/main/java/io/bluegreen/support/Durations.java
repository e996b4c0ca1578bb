package io.bluegreen.support;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Durations as people write and read them. */
public final class Durations {
  private static final Pattern WRITTEN =
      Pattern.compile(
          "(?:(\\d{1,6})d)?(?:(\\d{1,6})h)?(?:(\\d{1,6})m)?(?:(\\d{1,9})s)?(?:(\\d{1,9})ms)?");

  private static final Map<String, Duration> UNITS = units();

  private Durations() {}

  /**
   * Returns a duration that was written as {@code 90s}, {@code 1h30m}, {@code 500ms} or in the form
   * of ISO 8601, such as {@code PT1H30M}.
   *
   * @throws IllegalArgumentException if it is none of these; a number without a unit is none
   */
  public static Duration parse(String text) {
    Objects.requireNonNull(text, "text");
    Matcher parts = WRITTEN.matcher(text);
    if (!text.isEmpty() && parts.matches()) {
      Duration sum = Duration.ZERO;
      int group = 1;
      for (Duration unit : UNITS.values()) {
        String count = parts.group(group++);
        sum = count == null ? sum : sum.plus(unit.multipliedBy(Long.parseLong(count)));
      }
      return sum;
    }
    try {
      return Duration.parse(text);
    } catch (DateTimeParseException e) {
      throw new IllegalArgumentException(
          "expected a duration such as 90s, 1h30m or 500ms, but was \""
              + Text.clean(text, 40)
              + "\"",
          e);
    }
  }

  /** Returns a duration as {@link #parse} reads it, such as {@code 1h30m}; {@code 0s} for none. */
  public static String write(Duration duration) {
    Objects.requireNonNull(duration, "duration");
    if (duration.isNegative() || duration.toNanosPart() % 1_000_000 != 0) {
      return duration.toString();
    }
    StringBuilder text = new StringBuilder();
    parts(duration).forEach(part -> text.append(part.count()).append(part.unit()));
    return text.isEmpty() ? "0s" : text.toString();
  }

  /**
   * Returns a duration for people, such as {@code 2 min 3 s}: its two largest units, or below ten
   * seconds its milliseconds.
   */
  public static String describe(Duration duration) {
    Objects.requireNonNull(duration, "duration");
    if (duration.isNegative()) {
      return "-" + describe(duration.negated());
    }
    if (duration.compareTo(Duration.ofSeconds(1)) < 0) {
      return duration.toMillis() + " ms";
    }
    if (duration.compareTo(Duration.ofSeconds(10)) < 0) {
      BigDecimal seconds = BigDecimal.valueOf(duration.toMillis() / 100, 1).stripTrailingZeros();
      return seconds.toPlainString() + " s";
    }
    StringBuilder text = new StringBuilder();
    parts(duration.truncatedTo(ChronoUnit.SECONDS)).stream()
        .limit(2)
        .forEach(
            part ->
                text.append(text.isEmpty() ? "" : " ")
                    .append(part.count())
                    .append(' ')
                    .append(part.unit().equals("m") ? "min" : part.unit()));
    return text.toString();
  }

  private record Part(long count, String unit) {}

  private static List<Part> parts(Duration duration) {
    List<Part> parts = new ArrayList<>();
    Duration left = duration;
    for (Map.Entry<String, Duration> unit : UNITS.entrySet()) {
      long count = left.dividedBy(unit.getValue());
      left = left.minus(unit.getValue().multipliedBy(count));
      if (count > 0) {
        parts.add(new Part(count, unit.getKey()));
      }
    }
    return parts;
  }

  private static Map<String, Duration> units() {
    Map<String, Duration> units = new LinkedHashMap<>();
    units.put("d", Duration.ofDays(1));
    units.put("h", Duration.ofHours(1));
    units.put("m", Duration.ofMinutes(1));
    units.put("s", Duration.ofSeconds(1));
    units.put("ms", Duration.ofMillis(1));
    return units;
  }
}
