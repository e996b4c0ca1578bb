package io.bluegreen;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SwitchTest {
  private static final TrafficSplit BLUE = split(0);
  private static final TrafficSplit HALF = split(50);
  private static final TrafficSplit GREEN = split(100);

  @Test
  void switchBeginsFromEitherOfItsSplits() {
    for (TrafficSplit serving : List.of(BLUE, GREEN)) {
      RouterTruth.Known found = RouterTruth.Known.settled(serving, 4, 7);
      assertThatCode(() -> change(5, 7).admit(found)).doesNotThrowAnyException();
    }
  }

  @Test
  void sameSwitchMayBeMadeAgainWhereverItHadCome() {
    Switch change = change(5, 7);
    assertThatCode(
            () -> {
              change.admit(RouterTruth.Known.settled(GREEN, 5, 7));
              change.admit(found(BLUE, GREEN, 4), 5);
            })
        .doesNotThrowAnyException();
  }

  @Test
  void otherServicesAreRefused() {
    TrafficSplit two = new TrafficSplit(Map.of("api", 0, "web", 0));
    refused(
        RouterTruth.Known.settled(two, 4, 7),
        0,
        "it speaks of [web], but the router has [api, web]; nothing was changed, " + two,
        "make the switch and the router from one group");
  }

  @Test
  void lowerFenceIsRefusedBeforeAnythingElseIsLookedAt() {
    refused(
        RouterTruth.Known.settled(HALF, 9, 8),
        0,
        "its fence 7 is lower than 8, which was seen before",
        "start the operation again if this one is to act");
  }

  @Test
  void proxyThatServesNeitherIsLeftAlone() {
    refused(
        RouterTruth.Known.settled(HALF, 4, 7),
        0,
        "the proxy serves neither " + BLUE + " nor " + GREEN + "; nothing was changed, " + HALF,
        "call recover(ADOPT, who) or recover(REPAIR, who)");
  }

  @Test
  void generationThatTheProxyHasHadIsRefused() {
    String remedy = "start the operation again, or call recover(ADOPT, who)";
    refused(RouterTruth.Known.settled(GREEN, 6, 7), 0, "its generation 5 is not above 6", remedy);
    refused(RouterTruth.Known.settled(BLUE, 5, 7), 0, "its generation 5 is not above 5", remedy);
    refused(found(GREEN, BLUE, 4), 5, "not above 5, which the proxy carries for " + BLUE, remedy);
    refused(found(BLUE, GREEN, 4), 6, "not above 6, which the proxy carries for " + GREEN, remedy);
  }

  private static void refused(RouterTruth.Known found, long durable, String... told) {
    RouterException refusal =
        catchThrowableOfType(RouterException.class, () -> change(5, 7).admit(found, durable));
    assertThat(refusal).isNotNull();
    assertThat(refusal.effect()).isEqualTo(RouterException.Effect.UNCHANGED);
    assertThat(refusal.getMessage())
        .startsWith("the switch to " + GREEN + " was refused: ")
        .contains("; nothing was changed, " + found.running() + " is serving; ")
        .contains(told);
  }

  private static Switch change(long generation, long fence) {
    return new Switch(BLUE, GREEN, generation, "d", fence, Duration.ofSeconds(1));
  }

  private static RouterTruth.Known found(TrafficSplit running, TrafficSplit durable, long carried) {
    return new RouterTruth.Known(running, durable, List.of(), carried, 7, Set.of(), List.of());
  }

  private static TrafficSplit split(int green) {
    return new TrafficSplit(Map.of("web", green));
  }
}
