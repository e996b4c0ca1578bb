package io.bluegreen.testing.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.bluegreen.Health;
import io.bluegreen.HealthCheck;
import io.bluegreen.Instance;
import io.bluegreen.TimeSource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** The promises of every {@link HealthCheck}, as tests. */
public interface HealthCheckContract {
  /** How long one probe may take here; the probed instances answer at once. */
  Duration LIMIT = Duration.ofSeconds(30);

  /** Makes the check; the clause closes it. */
  HealthCheck openCheck();

  /** Returns an instance that can take requests, the same one each time. */
  Instance healthy();

  /** Returns an instance that is not there: its connections are refused, its file is missing. */
  Instance absent();

  @Test
  default void whatCanTakeRequestsIsUp() {
    try (HealthCheck check = openCheck()) {
      answers("probe() promises UP for what can take requests", check, healthy(), true);
    }
  }

  @Test
  default void whatIsNotThereIsDown() {
    try (HealthCheck check = openCheck()) {
      answers("probe() promises that what can't be checked is DOWN", check, absent(), false);
    }
  }

  @Test
  default void aDownSaysWhy() {
    try (HealthCheck check = openCheck()) {
      assertThat(ask(check, absent()).detail())
          .as("probe() promises a detail for a person with each DOWN")
          .isNotBlank();
    }
  }

  @Test
  default void anInstanceWithoutAnAddressIsAnsweredToo() {
    Instance nowhere =
        new Instance(absent().service(), absent().color(), absent().index(), Optional.empty());
    try (HealthCheck check = openCheck()) {
      answers(
          "probe() promises that an instance without an address which is not there is DOWN",
          check,
          nowhere,
          false);
    }
  }

  @Test
  default void eachProbeAsksAgain() {
    try (HealthCheck check = openCheck()) {
      for (int round = 0; round < 3; round++) {
        answers(
            "probe() promises to ask again each time, and to be UP after another's DOWN",
            check,
            healthy(),
            true);
        answers(
            "probe() promises to ask again each time, and to be DOWN after another's UP",
            check,
            absent(),
            false);
      }
    }
  }

  @Test
  default void manyProbesAtOnceEachGetTheirOwnAnswer() {
    try (HealthCheck check = openCheck();
        TimeSource time = TimeSource.system()) {
      List<CompletableFuture<String>> wrong = new ArrayList<>();
      for (int i = 0; i < 64; i++) {
        boolean up = i % 2 == 0;
        wrong.add(
            CompletableFuture.supplyAsync(
                () -> {
                  Health health = ask(check, up ? healthy() : absent());
                  return health.up() == up ? "" : (up ? "healthy: " : "absent: ") + health;
                },
                time.executor()));
      }
      assertThat(wrong.stream().map(CompletableFuture::join).filter(text -> !text.isEmpty()))
          .as("probe() promises to be safe for use by several threads")
          .isEmpty();
    }
  }

  @Test
  default void aProbeThatIsCancelledHarmsNoOther() {
    try (HealthCheck check = openCheck()) {
      for (int i = 0; i < 20; i++) {
        assertThatCode(() -> check.probe(healthy()).cancel(true))
            .as("probe() promises that it can be cancelled at any time")
            .doesNotThrowAnyException();
      }
      answers(
          "probe() promises to go on working after others were cancelled", check, healthy(), true);
    }
  }

  private static void answers(String promise, HealthCheck check, Instance instance, boolean up) {
    Health health = ask(check, instance);
    Promise.kept(promise, health.up() == up, () -> health);
  }

  /**
   * Asks as the manager does: a check that throws, fails, answers null or answers too late is DOWN.
   */
  private static Health ask(HealthCheck check, Instance instance) {
    try (TimeSource time = TimeSource.system()) {
      Callable<CompletableFuture<Health>> probe = () -> check.probe(instance);
      CompletableFuture<Health> answer = time.within(LIMIT, probe);
      Health health = answer == null ? null : time.await(LIMIT, answer);
      return health == null ? Health.down("answered null") : health;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Health.down("interrupted");
    } catch (Exception e) {
      return Health.down(e.toString());
    }
  }
}
