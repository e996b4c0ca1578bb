package io.bluegreen.haproxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.bluegreen.haproxy.RoutingMode.Target;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class WeightsTest {
  private static final Target BLUE = new Target("web", "blue");
  private static final Target GREEN = new Target("web", "green");

  private static ServerState server(String name, int admin, int weight, int configured) {
    return new ServerState("web", name, "127.0.0.1", 1, 2, admin, weight, configured, 0, "-", "-");
  }

  private static List<ServerState> servers(int blues, int greens, Weights weights) {
    List<ServerState> servers = new ArrayList<>();
    for (int i = 0; i < blues; i++) {
      servers.add(server("blue" + i, 0, weights.blue(), 100));
    }
    for (int i = 0; i < greens; i++) {
      servers.add(server("green" + i, 0, weights.green(), 0));
    }
    return servers;
  }

  @Test
  void aShareIsReadBackAsItWasMadeWhateverTheNumberOfServers() {
    int exact = 0;
    for (int blues = 1; blues <= 8; blues++) {
      for (int greens = 1; greens <= 8; greens++) {
        for (int percent = 0; percent <= 100; percent++) {
          Weights weights = Weights.of(percent, blues, greens);
          assertThat(weights.blue()).isBetween(percent == 100 ? 0 : 1, 256);
          assertThat(weights.green()).isBetween(percent == 0 ? 0 : 1, 256);
          int made = weights.percent(blues, greens);
          assertThat(
                  Weights.percent(
                      ServersByBackend.of(servers(blues, greens, weights)), BLUE, GREEN))
              .hasValue(made);
          if (blues == greens || percent % 100 == 0 || percent >= 5 && percent <= 95) {
            assertThat(made)
                .describedAs("%s percent, %s blue, %s green", percent, blues, greens)
                .isEqualTo(percent);
          }
          exact += made == percent ? 1 : 0;
        }
      }
    }
    // Only the smallest shares of many servers against few are out of reach of 256.
    assertThat(exact).isBetween(6_300, 64 * 101 - 1);
  }

  @Test
  void serversThatWereTakenOutDoNotCountAndNoneAtAllIsNoShare() {
    assertThat(Weights.percent(ServersByBackend.of(servers(1, 1, new Weights(0, 0))), BLUE, GREEN))
        .isEmpty();
    List<ServerState> drained = List.of(server("blue", 8, 100, 100), server("green", 0, 1, 100));
    assertThat(Weights.percent(ServersByBackend.of(drained), BLUE, GREEN)).hasValue(100);
  }
}
