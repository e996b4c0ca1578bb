package io.bluegreen.health;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.bluegreen.Color;
import io.bluegreen.Health;
import io.bluegreen.HealthCheck;
import io.bluegreen.Instance;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(60)
class HealthChecksTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Instance WEB = new Instance("web", Color.GREEN, 0, Optional.empty());
  private static final HealthCheck UP = HealthCheck.blocking(instance -> Health.up("fine"));
  private static final HealthCheck DOWN = HealthCheck.blocking(instance -> Health.down("ill"));

  private final List<HealthCheck> checks = new ArrayList<>();

  @AfterEach
  void close() {
    checks.forEach(HealthCheck::close);
  }

  @ParameterizedTest
  @CsvSource({"0,false,false,false", "1,false,true,false", "2,false,true,true", "3,true,true,true"})
  void checksThatAreUpAreCounted(int up, boolean all, boolean any, boolean two) {
    HealthCheck[] three = new HealthCheck[3];
    for (int i = 0; i < 3; i++) {
      three[i] = i < up ? UP : DOWN;
    }

    assertThat(probe(HealthChecks.all(three)).up()).isEqualTo(all);
    assertThat(probe(HealthChecks.any(three)).up()).isEqualTo(any);
    assertThat(probe(HealthChecks.quorum(2, three)).up()).isEqualTo(two);
  }

  @Test
  void detailTellsTheAnswerOfEachCheckInOrder() {
    assertThat(probe(HealthChecks.all(UP, UP)))
        .isEqualTo(Health.up("2 up of 2, needed 2: UP (fine); UP (fine)"));
    CountDownLatch second = new CountDownLatch(1);
    HealthCheck later =
        HealthCheck.blocking(
            instance -> {
              awaitQuietly(second);
              return Health.down("late");
            });
    HealthCheck first =
        HealthCheck.blocking(
            instance -> {
              second.countDown();
              return Health.down("early");
            });
    assertThat(probe(HealthChecks.any(later, first)))
        .isEqualTo(Health.down("0 up of 2, needed 1: DOWN (late); DOWN (early)"));
  }

  @Test
  void checksAreAskedAtOnceAlsoWhereTheyBlock() {
    CountDownLatch together = new CountDownLatch(3);
    HealthCheck meets =
        HealthCheck.blocking(
            instance -> {
              together.countDown();
              awaitQuietly(together);
              return Health.up("met");
            });

    assertThat(probe(HealthChecks.all(meets, meets, meets)).up()).isTrue();
  }

  @Test
  void otherChecksAreCancelledAsSoonAsTheAnswerIsCertain() throws Exception {
    CountDownLatch interrupted = new CountDownLatch(1);
    CompletableFuture<Health> hanging = new CompletableFuture<>();
    HealthCheck blocks =
        HealthCheck.blocking(
            instance -> {
              try {
                new CountDownLatch(1).await();
              } catch (InterruptedException e) {
                interrupted.countDown();
              }
              return Health.up("late");
            });
    CountDownLatch asked = new CountDownLatch(1);
    HealthCheck hangs =
        instance -> {
          asked.countDown();
          return hanging;
        };
    HealthCheck up =
        HealthCheck.blocking(
            instance -> {
              awaitQuietly(asked);
              return Health.up("fine");
            });

    assertThat(probe(HealthChecks.any(hangs, blocks, up)))
        .isEqualTo(Health.up("1 up of 3, needed 1: UP (fine)"));
    await().atMost(PATIENCE).until(hanging::isCancelled);
    // It may have been decided before that one was asked at all.
    HealthCheck whole = keep(HealthChecks.all(blocks, blocks));
    CompletableFuture<Health> health = whole.probe(WEB);
    await().atMost(PATIENCE).until(() -> blocked() > 0);
    health.cancel(true);
    interrupted.await();
  }

  @Test
  void answerIsDownAsSoonAsTooManyAreDown() {
    HealthCheck hangs = instance -> new CompletableFuture<>();

    assertThat(probe(HealthChecks.quorum(2, hangs, DOWN, DOWN)).up()).isFalse();
    assertThat(probe(HealthChecks.all(hangs, DOWN)).up()).isFalse();
  }

  @Test
  void checkThatThrowsFailsOrAnswersNothingIsDown() {
    HealthCheck throwing =
        instance -> {
          throw new IllegalStateException("broken");
        };
    HealthCheck failing =
        instance -> CompletableFuture.failedFuture(new IllegalStateException("failed"));
    HealthCheck nothing = instance -> null;
    HealthCheck empty = instance -> CompletableFuture.completedFuture(null);

    assertThat(probe(HealthChecks.any(throwing)).detail()).contains("DOWN (").contains("broken");
    assertThat(probe(HealthChecks.any(failing)).detail()).contains("DOWN (failed)");
    assertThat(probe(HealthChecks.any(nothing)).detail()).contains("answered nothing");
    assertThat(probe(HealthChecks.any(empty)).detail()).contains("answered nothing");
  }

  @Test
  void compositesNest() {
    assertThat(probe(HealthChecks.all(HealthChecks.any(DOWN, UP), UP)).up()).isTrue();
  }

  @Test
  void closingClosesEveryPartAlsoIfOneThrows() {
    AtomicInteger closed = new AtomicInteger();
    HealthCheck part = closing(closed::incrementAndGet);
    HealthCheck broken =
        closing(
            () -> {
              throw new IllegalStateException("broken");
            });

    HealthCheck other = closing(closed::incrementAndGet);

    assertThatThrownBy(() -> HealthChecks.all(part, broken, other, part).close())
        .hasMessage("broken");
    assertThat(closed).as("each once").hasValue(2);
  }

  @Test
  void emptyListAndImpossibleNumberAreRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(HealthChecks::all)
        .withMessageStartingWith("checks: expected at least one");
    assertThatIllegalArgumentException()
        .isThrownBy(HealthChecks::any)
        .withMessageStartingWith("checks: expected at least one");
    for (int needed : List.of(0, 3)) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> HealthChecks.quorum(needed, UP, DOWN))
          .withMessageStartingWith("needed: expected 1 to 2");
    }
  }

  private static HealthCheck closing(Runnable onClose) {
    return new HealthCheck() {
      @Override
      public CompletableFuture<Health> probe(Instance instance) {
        return UP.probe(instance);
      }

      @Override
      public void close() {
        onClose.run();
      }
    };
  }

  private static long blocked() {
    return Thread.getAllStackTraces().entrySet().stream()
        .filter(thread -> thread.getKey().getName().startsWith("bluegreen-"))
        .filter(
            thread ->
                List.of(thread.getValue()).stream()
                    .anyMatch(frame -> frame.getClassName().contains("HealthChecksTest")))
        .count();
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private Health probe(HealthCheck check) {
    return keep(check).probe(WEB).join();
  }

  private HealthCheck keep(HealthCheck check) {
    checks.add(check);
    return check;
  }
}
