package io.bluegreen.support;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DurationsTest {
  @ParameterizedTest
  @CsvSource({
    "90s, PT1M30S, 1m30s",
    "1h30m, PT1H30M, 1h30m",
    "500ms, PT0.5S, 500ms",
    "2d, PT48H, 2d",
    "0s, PT0S, 0s",
    "PT1H30M, PT1H30M, 1h30m",
    "PT0.0000001S, PT0.0000001S, PT0.0000001S"
  })
  void readsWhatPeopleWriteAndWritesItShortly(String text, Duration duration, String written) {
    assertThat(Durations.parse(text)).isEqualTo(duration);
    assertThat(Durations.write(duration)).isEqualTo(written);
    assertThat(Durations.parse(written)).isEqualTo(duration);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "5", "s", "5 s", "1m1h", "-5s", "5S", "99999999999999s", "1.5h"})
  void refusesWhatHasNoUnitOrIsNoDuration(String text) {
    assertThatThrownBy(() -> Durations.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("expected a duration such as 90s, 1h30m or 500ms, but was ");
  }

  @ParameterizedTest
  @CsvSource({
    "PT0S, 0 ms",
    "PT0.25S, 250 ms",
    "PT4.25S, 4.2 s",
    "PT5S, 5 s",
    "PT2M3.4S, 2 min 3 s",
    "PT30M, 30 min",
    "PT1H5M9S, 1 h 5 min",
    "PT49H, 2 d 1 h",
    "-PT2M, -2 min"
  })
  void describesForPeople(Duration duration, String words) {
    assertThat(Durations.describe(duration)).isEqualTo(words);
  }
}
