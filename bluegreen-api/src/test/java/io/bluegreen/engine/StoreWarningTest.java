package io.bluegreen.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.bluegreen.BlueGreenManager;
import io.bluegreen.LeaseOwner;
import io.bluegreen.Operation;
import io.bluegreen.Signal;
import io.bluegreen.StateStore;
import io.bluegreen.testing.InMemoryStateStore;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What a store warns of is in each status and plan, and in one result of a manager. */
class StoreWarningTest {
  private static final String MOVABLE = "/srv can be written by all users; remedy: chmod go-w /srv";

  private final Shop shop = Shop.web();

  @Test
  void warningOfTheStoreIsInTheFirstResultAndInEachStatusAndPlan() {
    try (BlueGreenManager manager = shop.builder().store(new Warning(shop.store)).build()) {
      assertThat(manager.status().warnings()).contains(MOVABLE);
      assertThat(manager.plan(Operation.deploy(Shop.V1)).warnings()).contains(MOVABLE);
      assertThat(manager.deployNewVersion(Shop.V1).warnings()).contains(MOVABLE);
      assertThat(manager.deployNewVersion(Shop.V2).warnings()).doesNotContain(MOVABLE);
      assertThat(manager.status().warnings()).contains(MOVABLE);
    }
  }

  private record Warning(InMemoryStateStore right) implements StateStore {
    @Override
    public List<String> warnings() {
      return List.of(MOVABLE);
    }

    @Override
    public Acquired acquire(LeaseOwner owner) {
      return right.acquire(owner);
    }

    @Override
    public Optional<LeaseOwner> holder() {
      return right.holder();
    }

    @Override
    public Optional<byte[]> load() {
      return right.load();
    }

    @Override
    public void save(byte[] document, Lease lease) {
      right.save(document, lease);
    }

    @Override
    public void post(Signal signal) {
      right.post(signal);
    }

    @Override
    public List<Signal> signals(String deploymentId) {
      return right.signals(deploymentId);
    }

    @Override
    public void forget(String deploymentId) {
      right.forget(deploymentId);
    }
  }
}
