package io.bluegreen.store;

import com.sun.security.auth.module.UnixSystem;
import io.bluegreen.TimeSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Where a store runs: as which user, on which machine, on which file systems, by which clock.
 *
 * @param user the id of the user that this process runs as
 * @param machine this machine
 * @param fileSystems tells the type of the file system of a path
 * @param time what short waits are made with
 */
record StoreEnvironment(int user, MachineId machine, FileSystems fileSystems, TimeSource time) {
  static StoreEnvironment real() {
    return new StoreEnvironment(
        (int) new UnixSystem().getUid(),
        MachineId.here(),
        path -> Files.getFileStore(path).type(),
        TimeSource.system());
  }

  /** Tells file systems apart by their type, such as ext4 or nfs4. */
  @FunctionalInterface
  interface FileSystems {
    String type(Path path) throws IOException;
  }
}
