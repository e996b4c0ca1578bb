package io.bluegreen.testing.contract;

import io.bluegreen.StateStore;
import io.bluegreen.testing.InMemoryStateStore;

class InMemoryStateStoreContractTest implements StateStoreContract {
  private final InMemoryStateStore store = new InMemoryStateStore();

  @Override
  public StateStore openStore() {
    return store.another();
  }
}
