package io.bluegreen.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.bluegreen.BlueGreenManager;
import io.bluegreen.Operation;
import io.bluegreen.StateStore;
import io.bluegreen.testing.contract.ForwardingStore;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A warning of the store is in each status and plan, and in one result of a manager. */
class StoreWarningTest {
  private static final String MOVABLE = "/srv can be written by all users; remedy: chmod go-w /srv";

  private final Shop shop = Shop.web();

  @Test
  void warningOfTheStoreIsInTheFirstResultAndInEachStatusAndPlan() {
    StateStore warning =
        new ForwardingStore(shop.store) {
          @Override
          public List<String> warnings() {
            return List.of(MOVABLE);
          }
        };
    try (BlueGreenManager manager = shop.builder().store(warning).build()) {
      assertThat(manager.status().warnings()).contains(MOVABLE);
      assertThat(manager.plan(Operation.deploy(Shop.V1)).warnings()).contains(MOVABLE);
      assertThat(manager.deployNewVersion(Shop.V1).warnings()).contains(MOVABLE);
      assertThat(manager.deployNewVersion(Shop.V2).warnings()).doesNotContain(MOVABLE);
      assertThat(manager.status().warnings()).contains(MOVABLE);
    }
  }
}
