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

/** What every {@link HealthCheck} promises. */
public interface HealthCheckContract {
  /** How long one probe may take here; the things probed answer at once. */
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
      assertThat(ask(check, healthy()))
          .as("probe() promises UP for what can take requests")
          .matches(Health::up, "UP");
    }
  }

  @Test
  default void whatIsNotThereIsDown() {
    try (HealthCheck check = openCheck()) {
      assertThat(ask(check, absent()))
          .as("probe() promises that what can't be checked is DOWN")
          .matches(health -> !health.up(), "DOWN");
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
      assertThat(ask(check, nowhere))
          .as("probe() promises that an instance without an address which is not there is DOWN")
          .matches(health -> !health.up(), "DOWN");
    }
  }

  @Test
  default void eachProbeAsksAnew() {
    try (HealthCheck check = openCheck()) {
      for (int round = 0; round < 3; round++) {
        assertThat(ask(check, healthy()).up())
            .as("probe() promises to ask anew each time, and to be UP after another's DOWN")
            .isTrue();
        assertThat(ask(check, absent()).up())
            .as("probe() promises to ask anew each time, and to be DOWN after another's UP")
            .isFalse();
      }
    }
  }

  @Test
  default void manyProbesAtOnceEachGetTheirOwnAnswer() {
    try (HealthCheck check = openCheck();
        TimeSource time = TimeSource.system()) {
      List<CompletableFuture<Boolean>> right = new ArrayList<>();
      for (int i = 0; i < 64; i++) {
        boolean up = i % 2 == 0;
        right.add(
            CompletableFuture.supplyAsync(
                () -> ask(check, up ? healthy() : absent()).up() == up, time.executor()));
      }
      assertThat(right.stream().map(CompletableFuture::join).toList())
          .as("probe() promises to be safe for use by several threads")
          .containsOnly(true);
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
      assertThat(ask(check, healthy()).up())
          .as("probe() promises to go on working after others were cancelled")
          .isTrue();
    }
  }

  /** Asks as the manager does: what throws, fails, is null or does not answer in time is DOWN. */
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
