package io.bluegreen.support;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class ArgumentChecksTest {
  @Test
  void nullIsRefusedByTheNameOfItsArgument() {
    assertThatNullPointerException()
        .isThrownBy(() -> ArgumentChecks.noNulls("gates", (List<String>) null))
        .withMessage("gates");
    assertThatNullPointerException()
        .isThrownBy(() -> ArgumentChecks.noNulls("gates", Arrays.asList("a", null)))
        .withMessage("gates: has a null in it");
  }

  @Test
  void messageSaysWhatWasExpectedAndWhatWasGiven() {
    refused(() -> ArgumentChecks.notEmpty("gates", List.of()), "gates: expected at least one");
    refused(
        () -> ArgumentChecks.positive("limit", Duration.ZERO),
        "limit: expected more than zero, but was 0 ms");
    refused(
        () -> ArgumentChecks.notNegative("delay", Duration.ofSeconds(-90)),
        "delay: expected zero or more, but was -1 min 30 s");
    refused(
        () -> ArgumentChecks.atLeast("requests", 1, 0), "requests: expected 1 or more, but was 0");
    refused(
        () -> ArgumentChecks.between("percent", 0, 100, 101),
        "percent: expected 0 to 100, but was 101");
    refused(
        () -> ArgumentChecks.between("factor", 1.0, 1000.0, 0.5),
        "factor: expected 1 to 1000, but was 0.5");
    refused(
        () -> ArgumentChecks.between("factor", 1.0, 1000.0, Double.NaN),
        "factor: expected 1 to 1000, but was NaN");
    refused(
        () -> ArgumentChecks.matching("name", Pattern.compile("[a-z]+"), "letters", "a\n1"),
        "name: expected letters, but was \"a 1\"");
    refused(
        () -> ArgumentChecks.require("share", false, "more than 0", 0.0),
        "share: expected more than 0, but was 0");
    refused(
        () ->
            ArgumentChecks.requireBoth(
                "interval",
                Duration.ofMinutes(2),
                "deadline",
                Duration.ofSeconds(30),
                false,
                "more than one probe within the deadline"),
        "interval and deadline: expected more than one probe within the deadline, but they were"
            + " 2 min and 30 s; the interval is the first of the two");
  }

  @Test
  void boundsBelongToWhatIsExpected() {
    assertThat(ArgumentChecks.between("percent", 0, 100, 0)).isZero();
    assertThat(ArgumentChecks.between("percent", 0, 100, 100)).isEqualTo(100);
    assertThat(ArgumentChecks.between("factor", 1.0, 2.0, 2.0)).isEqualTo(2.0);
    assertThat(ArgumentChecks.atLeast("requests", 1, 1)).isEqualTo(1);
    assertThat(ArgumentChecks.notNegative("delay", Duration.ZERO)).isZero();
    ArgumentChecks.require("share", true, "more than 0", 0.5);
    ArgumentChecks.requireBoth("first", 1, "second", 2, true, "anything");
  }

  private static void refused(ThrowingCallable call, String message) {
    assertThatIllegalArgumentException().isThrownBy(call).withMessage(message);
  }
}
