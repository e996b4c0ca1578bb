package io.bluegreen.haproxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.bluegreen.Color;
import io.bluegreen.RouterException;
import io.bluegreen.RouterTruth.Known;
import io.bluegreen.Switch;
import io.bluegreen.TrafficSplit;
import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** A HAProxy in map mode with two services and a router that is open, made again for each test. */
abstract class MapModeFixture {
  RenderedGroup stage;
  HaproxyRouter router;
  TrafficSplit blue;
  TrafficSplit green;

  /** Starts it; by default as it is rendered. */
  RenderedGroup stage() {
    return new RenderedGroup(RenderOptions.defaults(), "api", "web");
  }

  @BeforeEach
  void start() {
    stage = stage();
    router = stage.opened();
    blue = stage.all(Color.BLUE);
    green = stage.all(Color.GREEN);
  }

  @AfterEach
  void stop() {
    stage.close();
  }

  RouterException failure(Switch change) {
    RouterException e = catchThrowableOfType(RouterException.class, () -> router.apply(change));
    assertThat(e).isNotNull();
    return e;
  }

  String seen(String service) throws IOException {
    try (BrowserClient visitor = new BrowserClient(stage.door(service), false)) {
      return visitor.get();
    }
  }

  Known known() {
    return (Known) router.current();
  }
}
