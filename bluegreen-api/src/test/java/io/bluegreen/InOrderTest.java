package io.bluegreen;

import static org.assertj.core.api.Assertions.assertThat;

import io.bluegreen.DeploymentPolicy.Option;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is told and written of a value is the same in every process. */
class InOrderTest {
  @Test
  void optionsOfAPolicyAreInTheirOrderHoweverTheyWereGiven() {
    DeploymentPolicy policy = DeploymentPolicy.DEFAULT;
    List<Option> all = List.of(Option.values());
    for (int i = all.size() - 1; i >= 0; i--) {
      policy = policy.with(all.get(i));
    }
    assertThat(policy.options()).containsExactlyElementsOf(all);
  }
}
