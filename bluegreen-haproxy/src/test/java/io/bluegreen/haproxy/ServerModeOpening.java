package io.bluegreen.haproxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bluegreen.Router.Opening;
import io.bluegreen.RouterReport;
import io.bluegreen.Switch;
import io.bluegreen.TrafficSplit;
import java.time.Duration;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** What opening says of configurations in server mode. */
final class ServerModeOpening {
  private ServerModeOpening() {}

  static Switch change(TrafficSplit from, TrafficSplit to, long generation) {
    return new Switch(from, to, generation, "d-" + generation, 1, Duration.ofSeconds(20));
  }

  static RouterReport opened(ServerProxy proxy, HaproxyRouter router) {
    return router.open(new Opening(proxy.group(), Optional.empty(), 0));
  }

  static void refused(UnaryOperator<String> change, String why) {
    try (ServerProxy proxy = new ServerProxy(1, change);
        HaproxyRouter router = proxy.router()) {
      assertThatThrownBy(() -> opened(proxy, router)).hasMessageContaining(why);
    }
  }

  static void warned(UnaryOperator<String> change, String why) {
    try (ServerProxy proxy = new ServerProxy(1, change);
        HaproxyRouter router = proxy.router()) {
      assertThat(opened(proxy, router).warnings())
          .anyMatch(warning -> warning.what().contains(why) && !warning.remedy().isBlank());
    }
  }
}
