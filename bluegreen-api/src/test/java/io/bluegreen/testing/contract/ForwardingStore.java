package io.bluegreen.testing.contract;

import io.bluegreen.LeaseOwner;
import io.bluegreen.Signal;
import io.bluegreen.StateStore;
import java.util.List;
import java.util.Optional;

/** Passes everything on to another store; a test overrides what is to be different. */
public class ForwardingStore implements StateStore {
  private final StateStore right;

  /** Passes everything on to this store. */
  public ForwardingStore(StateStore right) {
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
  public List<String> warnings() {
    return right.warnings();
  }

  @Override
  public void close() {
    right.close();
  }
}
