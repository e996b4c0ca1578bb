package io.bluegreen.testing.contract;

import io.bluegreen.LeaseOwner;
import io.bluegreen.Signal;
import io.bluegreen.StateStore;
import java.util.List;
import java.util.Optional;

/** Passes everything on to a store that is right; a test gives it its flaw. */
public class FlawedStore implements StateStore {
  private final StateStore right;

  /** Creates one without a flaw. */
  public FlawedStore(StateStore right) {
    this.right = right;
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

  @Override
  public void close() {
    right.close();
  }
}
