package io.bluegreen;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What a proxy on another machine would serve after a restart is not told as if it were known. */
class DurableUnknownTest {
  private final TrafficSplit green = new TrafficSplit(Map.of("web", 100));

  @Test
  void statusSaysWhyInPlaceOfASplit() {
    assertThat(status(truth(green, Optional.of("it is elsewhere"))).toJson())
        .contains("\"durableUnknown\":\"it is elsewhere\"")
        .doesNotContain("\"durable\"");
    assertThat(status(truth(green, Optional.empty())).toJson())
        .contains("\"durable\":{\"web\":100}")
        .doesNotContain("durableUnknown");
  }

  @Test
  void splitThatNobodyKnowsIsNotToldBesideIt() {
    TrafficSplit blue = new TrafficSplit(Map.of("web", 0));
    assertThatThrownBy(() -> truth(blue, Optional.of("it is elsewhere")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("durable");
  }

  private RouterTruth.Known truth(TrafficSplit durable, Optional<String> unknown) {
    return new RouterTruth.Known(green, durable, List.of(), 1, 1, Set.of(), List.of(), unknown);
  }

  private static Status status(RouterTruth truth) {
    return new Status(
        "shop",
        truth,
        Set.of(),
        List.of(),
        List.of(),
        Optional.empty(),
        Optional.empty(),
        List.of());
  }
}
