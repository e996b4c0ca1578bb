package io.bluegreen.engine;

import static io.bluegreen.engine.Shop.V1;
import static io.bluegreen.engine.Shop.V2;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.Mockito.doThrow;
import static org.mockito.Mockito.mock;

import io.bluegreen.BlueGreenManager;
import io.bluegreen.DeploymentPolicy;
import io.bluegreen.Hook;
import io.bluegreen.Outcome;
import io.bluegreen.Phase;
import io.bluegreen.RecoveryReport.Decision;
import io.bluegreen.Watch;
import io.bluegreen.testing.Crash;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The record of a deployment does not grow, however often it is taken up again. */
class RecordGrowthTest {
  private static final DeploymentPolicy GRADUAL =
      DeploymentPolicy.DEFAULT.shift(
          new Watch(Duration.ofSeconds(30), Duration.ofSeconds(10), List.of()), 10, 50, 100);

  private final Shop shop = Shop.web();

  @BeforeEach
  void versionOneIsLive() {
    shop.deploy(V1);
  }

  @Test
  void recordDoesNotGrowHoweverOftenAWaitIsCarriedOn() {
    shop.suspended(GRADUAL);
    int lines = lines();
    for (int i = 0; i < 20; i++) {
      BlueGreenManager next = shop.manager();
      shop.time.after(Duration.ofSeconds(15), next::close);
      assertThat(next.carryOn().outcome()).isEqualTo(Outcome.SUSPENDED);
    }

    assertThat(lines()).isEqualTo(lines);
    assertThat(shop.manager().carryOn().outcome()).isEqualTo(Outcome.PROMOTED);
  }

  @Test
  void recordDoesNotGrowHoweverOftenAnUndoFails() throws Exception {
    Hook hopeless = mock(Hook.class);
    doThrow(new IllegalStateException("the database is gone")).when(hopeless).undo(any());
    BlueGreenManager first =
        shop.builder(Shop.dyingAfter("launch")).hook(Phase.PREPARE, "migrate", hopeless).build();
    assertThatThrownBy(() -> first.deployNewVersion(V2)).isInstanceOf(Crash.class);
    BlueGreenManager next = shop.builder().hook(Phase.PREPARE, "migrate", hopeless).build();
    next.recover();
    int lines = lines();

    for (int i = 0; i < 20; i++) {
      assertThat(next.recover().decision()).isEqualTo(Decision.ON_HOLD);
    }

    assertThat(lines()).isEqualTo(lines);
  }

  private int lines() {
    byte[] stored = shop.store.load().orElseThrow();
    return Objects.requireNonNull(StateCodec.read(stored).open).entries.size();
  }
}
