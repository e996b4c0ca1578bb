package io.bluegreen.store;

import io.bluegreen.StateStore.Lease;
import io.bluegreen.StoreException;
import java.io.IOException;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The lease while this process holds it. Safe from any thread. */
final class FileLease implements Lease {
  private static final Logger LOG = LoggerFactory.getLogger(FileLease.class);

  private final Path lock;
  private final LockTable.Claim claim;
  private volatile boolean closed;
  private boolean released;

  FileLease(Path lock, LockTable.Claim claim) {
    this.lock = lock;
    this.claim = claim;
  }

  @Override
  public boolean held() {
    if (closed) {
      return false;
    }
    try {
      boolean valid = claim.valid();
      if (!valid) {
        LOG.error("{} is not the file any more that this process has locked; stopping", lock);
      }
      return valid;
    } catch (IOException | StoreException e) {
      LOG.error("{} can't be looked at, so it can't be told whether the lease is held", lock, e);
      return false;
    }
  }

  /** Returns whether it is a lease on the group whose lock file this is. */
  boolean isOn(Path lockFile) {
    return lock.equals(lockFile);
  }

  /**
   * Changes what the lease protects. Closing waits until it is done.
   *
   * @throws StoreException if the lease is not held, or was lost meanwhile
   */
  synchronized void whileHeld(Change change) throws IOException {
    requireHeld("nothing was changed");
    change.make();
    requireHeld("it was lost during a change, which the process that holds it now may overwrite");
  }

  @Override
  public synchronized void close() {
    closed = true;
    if (released) {
      return;
    }
    try {
      claim.release();
      released = true;
    } catch (IOException e) {
      throw new StoreException(lock + " can't be closed; it is free when this process ends", e);
    }
  }

  private void requireHeld(String consequence) {
    if (!held()) {
      throw new StoreException(
          "The lease by "
              + lock
              + " is not held"
              + (closed ? ", it was closed: " : ", the file was removed or replaced: ")
              + consequence);
    }
  }

  /** What is done under the lease. */
  @FunctionalInterface
  interface Change {
    void make() throws IOException;
  }
}
