package io.bluegreen;

import static io.bluegreen.Shop.V1;
import static io.bluegreen.Shop.V2;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bluegreen.testing.ScriptedHealthCheck;
import org.junit.jupiter.api.Test;

/** Where nothing was ever assigned, nothing serves, whatever the proxy's default is. */
class NothingYetTest {
  private final Shop shop = new Shop(Shop.web("web", 1), Shop.web("api", 2));

  @Test
  void resultsEventsPlansAndRefusalsSayNothingYetServiceByService() {
    assertThatThrownBy(() -> shop.manager().rollback())
        .hasMessageContaining("api nothing yet, web nothing yet");
    shop.health = ScriptedHealthCheck.down("sick");
    assertThat(shop.deploy(V1).reason()).contains("serving: api nothing yet, web nothing yet");
    shop.health = ScriptedHealthCheck.up();

    Operation first = Operation.deploy(V1).service("web");
    assertThat(shop.manager().plan(first).describe()).contains("move the traffic to web green (");
    DeploymentResult result = shop.manager().run(first);

    assertThat(result.reason()).contains("serving: api nothing yet, web green");
    assertThat(shop.manager().run(first).reason()).contains("serving: api nothing yet, web green");
    assertThat(shop.events.events())
        .extracting(DeploymentEvent::describe)
        .anySatisfy(
            told ->
                assertThat(told)
                    .contains("traffic moved to api nothing yet, web green")
                    .contains("(was api nothing yet, web nothing yet)"));

    assertThat(shop.deploy(V2).reason()).contains("serving: api green, web blue");
  }
}
