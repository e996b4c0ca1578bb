package io.bluegreen;

import static org.assertj.core.api.Assertions.assertThat;

import io.bluegreen.testing.VirtualTime;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class DeadlineTest {
  private static final Duration SECOND = Duration.ofSeconds(1);

  private final VirtualTime time = new VirtualTime();

  @Test
  void whatIsLeftGoesDownToZeroAndThenItIsOver() throws InterruptedException {
    Deadline deadline = time.deadline(Duration.ofSeconds(3));
    assertThat(deadline.left()).isEqualTo(Duration.ofSeconds(3));
    assertThat(deadline.left(SECOND)).isEqualTo(SECOND);
    assertThat(deadline).hasToString("in 3 s");

    time.sleep(Duration.ofMillis(2_500));
    assertThat(deadline.over()).isFalse();
    assertThat(deadline.left(SECOND)).isEqualTo(Duration.ofMillis(500));

    time.sleep(Duration.ofMillis(500));
    assertThat(deadline.over()).isTrue();
    time.sleep(SECOND);
    assertThat(deadline.left()).isZero();
    assertThat(deadline.left(SECOND)).isZero();
  }

  @Test
  void clockThatJumpsMovesNoDeadline() {
    Deadline deadline = time.deadline(SECOND);
    time.jump(Duration.ofDays(-30));
    time.jump(Duration.ofDays(90));
    assertThat(deadline.left()).isEqualTo(SECOND);
  }

  @Test
  void earlierOfTwoCounts() throws InterruptedException {
    Deadline whole = time.deadline(Duration.ofSeconds(10));
    assertThat(whole.atMost(SECOND).left()).isEqualTo(SECOND);
    time.sleep(Duration.ofMillis(9_900));
    assertThat(whole.atMost(SECOND).left()).isEqualTo(Duration.ofMillis(100));
  }

  @Test
  void limitThatIsAsLongAsItGetsIsNotOverNorTooLongToBeCounted() {
    Deadline deadline = time.deadline(Duration.ofSeconds(Long.MAX_VALUE));
    assertThat(deadline.over()).isFalse();
    assertThat(deadline.left().toNanos()).isPositive();
    assertThat(time.deadline(Duration.ofSeconds(-1)).over()).isTrue();
  }
}
