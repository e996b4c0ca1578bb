package io.bluegreen.store;

import io.bluegreen.StateStore;
import io.bluegreen.testing.contract.StateStoreContract;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

class FileStateStoreContractTest implements StateStoreContract {
  @TempDir private Path directory;

  @Override
  public StateStore openStore() {
    return FileStateStore.in(directory);
  }
}
