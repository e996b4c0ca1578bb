package io.bluegreen.examples.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.bluegreen.Color;
import io.bluegreen.TrafficSplit;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RequestJudgeTest {
  private static final TrafficSplit BLUE = new TrafficSplit(Map.of("web", 0));
  private static final TrafficSplit HALF = new TrafficSplit(Map.of("web", 50));
  private static final TrafficSplit GREEN = new TrafficSplit(Map.of("web", 100));

  private final HandTime time = new HandTime();
  private final RequestJudge ledger = new RequestJudge("web", time);

  @Test
  void beforeAnySwitchEveryColourIsRight() {
    ledger.answered(ledger.start(), by(Color.GREEN));
    ledger.answered(ledger.start(), by(Color.BLUE));

    assertThat(ledger.totals().requests()).isEqualTo(2);
    assertThat(ledger.totals().stale()).isZero();
  }

  @Test
  void aRequestThatStartsAfterTheReturnAndIsAnsweredByTheFormerColourIsStale() {
    switchTo(BLUE, GREEN);
    time.pass();
    Duration start = ledger.start();
    time.pass();
    ledger.answered(start, by(Color.BLUE));

    assertThat(ledger.totals().stale()).isEqualTo(1);
    assertThat(ledger.totals().failed()).isZero();
  }

  @Test
  void aRequestThatStartsAfterTheReturnAndIsAnsweredByTheNewColourIsRight() {
    switchTo(BLUE, GREEN);
    time.pass();
    ledger.answered(ledger.start(), by(Color.GREEN));

    assertThat(ledger.totals().stale()).isZero();
  }

  @Test
  void aRequestThatWasInFlightOverTheSwitchMayBeAnsweredByEitherColour() {
    switchTo(GREEN, BLUE);
    time.pass();
    Duration start = ledger.start();
    time.pass();
    switchTo(BLUE, GREEN);
    time.pass();
    ledger.answered(start, by(Color.BLUE));
    ledger.answered(start, by(Color.GREEN));

    assertThat(ledger.totals().stale()).isZero();
  }

  @Test
  void aSwitchThatBeginsBeforeTheEndExcusesTheColourThatItLeadsTo() {
    switchTo(GREEN, BLUE);
    time.pass();
    Duration start = ledger.start();
    time.pass();
    ledger.switching(BLUE, GREEN);
    time.pass();
    ledger.answered(start, by(Color.GREEN));

    assertThat(ledger.totals().stale()).isZero();
  }

  @Test
  void aColourThatWasLeftLongBeforeTheStartIsStaleHoweverManySwitchesFollow() {
    switchTo(GREEN, BLUE);
    time.pass();
    Duration start = ledger.start();
    for (int i = 0; i < 20; i++) {
      time.pass();
      switchTo(BLUE, BLUE);
    }
    time.pass();
    ledger.answered(start, by(Color.GREEN));

    assertThat(ledger.totals().stale()).isEqualTo(1);
  }

  @Test
  void whileBothColoursHaveAShareBothAreRight() {
    switchTo(BLUE, HALF);
    time.pass();
    ledger.answered(ledger.start(), by(Color.BLUE));
    ledger.answered(ledger.start(), by(Color.GREEN));

    assertThat(ledger.totals().stale()).isZero();
  }

  @Test
  void whatIsNotAnsweredWholeWithTwoHundredAndAColourHasFailed() {
    ledger.answered(ledger.start(), new DemoAnswer(503, Optional.of(Color.BLUE), "v1", false));
    ledger.answered(ledger.start(), new DemoAnswer(200, Optional.empty(), "", false));
    ledger.failed("connection reset");

    assertThat(ledger.totals().requests()).isEqualTo(3);
    assertThat(ledger.totals().failed()).isEqualTo(3);
    assertThat(ledger.totals().failures())
        .containsExactly("503 from blue", "200 from no colour", "connection reset");
  }

  @Test
  void anErrorOfTheVersionThatIsKnownToBeBadIsCountedApartAndMayBeStale() {
    RequestJudge knowing = new RequestJudge("web", "v5", time);
    knowing.switching(BLUE, HALF);
    time.pass();
    knowing.switched(HALF);
    time.pass();
    knowing.answered(knowing.start(), new DemoAnswer(500, Optional.of(Color.GREEN), "v5", false));
    time.pass();
    knowing.answered(knowing.start(), new DemoAnswer(503, Optional.empty(), "", false));
    knowing.answered(knowing.start(), new DemoAnswer(500, Optional.of(Color.BLUE), "v4", false));
    knowing.answered(knowing.start(), new DemoAnswer(404, Optional.of(Color.GREEN), "v5", false));
    knowing.switching(HALF, BLUE);
    time.pass();
    knowing.switched(BLUE);
    time.pass();
    knowing.answered(knowing.start(), new DemoAnswer(500, Optional.of(Color.GREEN), "v5", false));

    assertThat(knowing.totals().candidateErrors()).isEqualTo(2);
    assertThat(knowing.totals().failed()).isEqualTo(3);
    assertThat(knowing.totals().stale()).isEqualTo(1);
    assertThat(knowing.totals().requests()).isEqualTo(5);
  }

  @Test
  void detectionLastsFromTheFirstErrorToTheEndOfTheSwitchThatTakesItsColourAway() {
    RequestJudge knowing = new RequestJudge("web", "v5", time);
    knowing.answered(knowing.start(), new DemoAnswer(500, Optional.of(Color.GREEN), "v5", false));
    Duration first = time.elapsed();
    time.pass();
    knowing.switched(HALF);
    assertThat(knowing.totals().detected()).isEmpty();
    time.pass();
    knowing.switched(BLUE);
    Duration off = time.elapsed();
    time.pass();
    knowing.switched(BLUE);

    assertThat(knowing.totals().detected()).contains(off.minus(first));
  }

  @Test
  void itTellsWhichVersionAnsweredHowOften() {
    ledger.answered(ledger.start(), new DemoAnswer(200, Optional.of(Color.BLUE), "v1", false));
    ledger.answered(ledger.start(), new DemoAnswer(200, Optional.of(Color.BLUE), "v1", false));
    ledger.answered(ledger.start(), new DemoAnswer(200, Optional.of(Color.GREEN), "v2", false));

    assertThat(ledger.totals().versions()).isEqualTo(Map.of("v1", 2L, "v2", 1L));
  }

  private void switchTo(TrafficSplit from, TrafficSplit to) {
    ledger.switching(from, to);
    time.pass();
    ledger.switched(to);
  }

  private static DemoAnswer by(Color color) {
    return new DemoAnswer(200, Optional.of(color), "v1", false);
  }
}
