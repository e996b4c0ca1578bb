package io.bluegreen.testing;

import io.bluegreen.StateStore;

/** A lease as one {@link Incarnation} of the process has it. */
final class MortalLease implements StateStore.Lease {
  private final Incarnation life;
  private final StateStore.Lease lease;

  MortalLease(Incarnation life, StateStore.Lease lease) {
    this.life = life;
    this.lease = lease;
  }

  /** Returns the lease that the store knows. */
  StateStore.Lease right() {
    return lease;
  }

  @Override
  public boolean held() {
    return life.ask(lease::held);
  }

  @Override
  public void close() {
    if (!life.dead()) {
      life.effect("release", lease::close);
    }
  }
}
