package io.bluegreen.store;

import io.bluegreen.Deadline;
import io.bluegreen.LeaseOwner;
import io.bluegreen.StateStore.Acquired;
import io.bluegreen.StateStore.HeldBy;
import io.bluegreen.StoreException;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The two files of a lease: the lock, which decides who holds it, and the owner file, which tells
 * others. Taking a lease locks the one and then writes the other.
 */
final class LeaseFiles {
  private static final Logger LOG = LoggerFactory.getLogger(LeaseFiles.class);

  /** How long a process that has the lock may take to say which one it is. */
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(5);

  private static final Duration PAUSE = Duration.ofMillis(1);

  private final GroupDirectory directory;
  private final OwnerFile ownerFile;
  private final StoreEnvironment environment;

  LeaseFiles(GroupDirectory directory, StoreEnvironment environment) {
    this.directory = directory;
    this.ownerFile = new OwnerFile(directory);
    this.environment = environment;
  }

  /**
   * Returns the lease, or the owner that holds it; waits only for an owner that is just about to
   * take it or to give it up.
   */
  Acquired acquire(LeaseOwner owner) throws IOException, InterruptedException {
    Deadline end = environment.time().deadline(LONGEST_WAIT);
    while (true) {
      LockTable.Answer answer = LockTable.claim(directory.lock(), environment.user(), owner);
      if (answer instanceof LockTable.Claim claim) {
        return lease(claim, owner, end);
      }
      Optional<LeaseOwner> holder =
          answer instanceof LockTable.HeldHere here ? Optional.of(here.owner()) : holder();
      if (holder.isPresent()) {
        return new HeldBy(holder.get());
      }
      if (end.over()) {
        return new HeldBy(OwnerFile.UNKNOWN);
      }
      environment.time().sleep(PAUSE);
    }
  }

  /** Returns the owner that holds the lease, or empty if nobody has shown that it is held. */
  Optional<LeaseOwner> holder() throws IOException {
    LockTable.Answer answer = LockTable.ask(directory.lock(), environment.user());
    if (answer instanceof LockTable.HeldHere here) {
      return Optional.of(here.owner());
    }
    if (answer instanceof LockTable.Free) {
      return Optional.empty();
    }
    // It is read after the question: so it is the file of that holder or of a later one, never of
    // an earlier one.
    return Optional.of(ownerFile.read().orElse(OwnerFile.UNKNOWN));
  }

  private FileLease lease(LockTable.Claim claim, LeaseOwner owner, Deadline end)
      throws IOException, InterruptedException {
    try {
      directory.mark();
      directory.removeLeftovers();
      write(owner);
      while (!claim.show()) {
        if (end.over()) {
          throw new StoreException(
              "A process that asks who holds "
                  + directory.lock()
                  + " does not finish; continue or end it (fuser "
                  + directory.lock()
                  + ")");
        }
        environment.time().sleep(PAUSE);
      }
      return new FileLease(directory.lock(), claim);
    } catch (IOException | InterruptedException | RuntimeException e) {
      claim.release();
      throw e;
    }
  }

  /** A full disk must not keep anybody from the lease: to go back may be all that is wanted. */
  private void write(LeaseOwner owner) throws IOException {
    try {
      ownerFile.write(owner);
    } catch (IOException e) {
      ownerFile.delete();
      LOG.warn("{} can't be written; others can't be told who holds it", directory.owner(), e);
    }
  }
}
