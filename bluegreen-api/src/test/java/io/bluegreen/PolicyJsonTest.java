package io.bluegreen;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bluegreen.DeploymentPolicy.Option;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PolicyJsonTest {
  @Test
  void emptyObjectIsTheDefault() {
    assertThat(DeploymentPolicy.fromJson("{}")).isEqualTo(DeploymentPolicy.DEFAULT);
  }

  @Test
  void policyIsReadAsItWasWritten() {
    DeploymentPolicy policy =
        DeploymentPolicy.DEFAULT
            .probing(Probing.DEFAULT.every(Duration.ofMillis(1500)).passes(3).failures(5))
            .shift(Watch.lasting(Duration.ofMinutes(2)).gates("errors", "p95"), 10, 50, 100)
            .bake(Watch.lasting(Duration.ofMinutes(30)).every(Duration.ofMinutes(1)))
            .limits(TimeLimits.DEFAULT.approval(Duration.ofHours(4)))
            .with(Option.ASK_FOR_APPROVAL)
            .with(Option.SUPERSEDE)
            .acceptWithout(RouterGuarantee.LOSSLESS)
            .noReturnBehind("contract");

    assertThat(DeploymentPolicy.fromJson(policy.toJson())).isEqualTo(policy);
    assertThat(policy.toJson()).contains("\"interval\" : \"1s500ms\"", "\"approval\" : \"4h\"");
  }

  @Test
  void partsThatAreNotNamedKeepTheirDefaults() {
    DeploymentPolicy policy =
        DeploymentPolicy.fromJson(
            """
            {
              "steps": [10, 50, 100],
              "hold": {"duration": "2m", "gates": ["errors"]},
              "limits": {"launch": "PT3M"}
            }
            """);

    assertThat(policy)
        .isEqualTo(
            DeploymentPolicy.DEFAULT
                .shift(
                    new Watch(
                        Duration.ofMinutes(2),
                        Watch.NONE.every(),
                        Watch.NONE.gates("errors").gates()),
                    10,
                    50,
                    100)
                .limits(TimeLimits.DEFAULT.launch(Duration.ofMinutes(3))));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"bakes\": {}} | policy.bakes: there is no such key; known are bake, hold, limits",
        "{\"bake\": {\"gate\": []}} | policy.bake.gate: there is no such key; known are duration",
        "{\"bake\": {\"duration\": 5}} | policy.bake.duration: expected a duration such as 90s",
        "{\"bake\": {\"duration\": \"5 minutes\"}} | policy.bake.duration: expected a duration",
        "{\"bake\": {\"duration\": \"PT-5S\"}} | policy.bake: duration: expected zero or more",
        "{\"bake\": null} | policy.bake: has not the form that is expected",
        "{\"steps\": [50, 10, 100]} | policy: steps: expected percents that grow",
        "{\"steps\": [50.5, 100]} | policy.steps[0]: has not the form that is expected",
        "{\"steps\": [\"50\", 100]} | policy.steps[0]: has not the form that is expected",
        "{\"options\": [\"FREEZE\"]} | policy.options[0]: expected one of [FREEZE_ON_FAILURE,",
        "{\"options\": [0]} | policy.options[0]: ",
        "{\"steps\": [100], \"steps\": [100]} | policy: not JSON at line 1, column",
        "{\"steps\": [100]} {} | policy: ",
        "[] | policy: expected a JSON object",
        "`` | policy: expected a JSON object",
        "nonsense | policy: not JSON at line 1, column",
      })
  void whatIsNoPolicyIsRefusedWithItsPlace(String json, String message) {
    assertThatThrownBy(() -> DeploymentPolicy.fromJson(json))
        .isInstanceOf(IllegalArgumentException.class)
        .message()
        .startsWith(message)
        .doesNotContain("com.fasterxml", "Exception", "[Source");
  }
}
