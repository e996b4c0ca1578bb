package io.bluegreen.testing;

import io.bluegreen.LeaseOwner;
import io.bluegreen.Signal;
import io.bluegreen.StateStore;
import java.util.List;
import java.util.Optional;

/** A store as one {@link Incarnation} of the process sees it. */
final class MortalStore implements StateStore {
  private final Incarnation life;
  private final StateStore store;

  MortalStore(Incarnation life, StateStore store) {
    this.life = life;
    this.store = store;
  }

  @Override
  public Acquired acquire(LeaseOwner owner) {
    return life.effect(
        "acquire",
        () -> {
          Acquired acquired = store.acquire(owner);
          if (acquired instanceof Lease lease) {
            return life.leased(lease);
          }
          return acquired;
        });
  }

  @Override
  public Optional<LeaseOwner> holder() {
    return life.ask(store::holder);
  }

  @Override
  public Optional<byte[]> load() {
    return life.ask(store::load);
  }

  @Override
  public void save(byte[] document, Lease lease) {
    life.effect(
        "save",
        () -> store.save(document, lease instanceof MortalLease mortal ? mortal.right() : lease));
  }

  @Override
  public void post(Signal signal) {
    life.effect("post " + signal.kind(), () -> store.post(signal));
  }

  @Override
  public List<Signal> signals(String deploymentId) {
    return life.ask(() -> store.signals(deploymentId));
  }

  @Override
  public void forget(String deploymentId) {
    life.effect("forget signals", () -> store.forget(deploymentId));
  }

  @Override
  public void close() {
    store.close();
  }
}
