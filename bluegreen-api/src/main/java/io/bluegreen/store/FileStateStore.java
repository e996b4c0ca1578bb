package io.bluegreen.store;

import io.bluegreen.LeaseOwner;
import io.bluegreen.Signal;
import io.bluegreen.StateCorruptException;
import io.bluegreen.StateStore;
import io.bluegreen.StoreException;
import io.bluegreen.support.DurableFile;
import io.bluegreen.support.Failures;
import io.bluegreen.support.FileExposure;
import io.bluegreen.support.Text;
import io.bluegreen.support.Uninterrupted;
import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a group's state in a directory of its own on a local disk. The directory and what is in it
 * belong to the user of the process, and others can't write it; both are made as needed.
 *
 * <table>
 *   <caption>What is in the directory</caption>
 *   <tr><th>name</th><th>what</th></tr>
 *   <tr><td>{@code state.json}</td><td>the document; replaced whole, with fsync of file and directory</td></tr>
 *   <tr><td>{@code lock}</td><td>locked while the lease is held. Never delete it while a deployment
 *       may run, and never open it in the holder's JVM: POSIX would drop the lock silently</td></tr>
 *   <tr><td>{@code owner.json}</td><td>who holds the lease; means nothing while nobody does</td></tr>
 *   <tr><td>{@code machine}</td><td>the machine that the state belongs to</td></tr>
 *   <tr><td>{@code signals}</td><td>a file for each signal</td></tr>
 * </table>
 *
 * <p>The lease is a lock of the operating system. It ends with its process, however that ends, and
 * whether it is held is asked of the lock, never of a pid: a holder in another container is seen as
 * a holder. A lease whose lock file was removed or replaced is not held any more, and nothing is
 * saved by it.
 *
 * <p>Network file systems are refused, because there a lock may be lost or local. The state of
 * another machine is refused, too: machines are told apart by {@code /etc/machine-id}, and by host
 * name where one has no id. Clones of a virtual machine that kept its id are not told apart; give
 * each clone an id of its own (systemd-machine-id-setup). A container without an id and with a new
 * host name at each start is taken for another machine; mount {@code /etc/machine-id} into it.
 *
 * <p>Safe from any thread. An interrupt is put off until a method is done: an interrupted thread
 * saves as any other does, and keeps its lease. After a kill or a loss of power at any moment the
 * document is the former or the new one, nothing is locked, and copies that were left half written
 * are removed by the next acquisition.
 */
public final class FileStateStore implements StateStore {
  /** The largest document that is kept, in bytes. */
  public static final int MOST_BYTES = 16 * 1024 * 1024;

  /** How many signals may wait before a further one is refused. */
  public static final int MOST_SIGNALS = SignalFiles.MOST;

  private static final Logger LOG = LoggerFactory.getLogger(FileStateStore.class);

  private final GroupDirectory directory;
  private final LeaseFiles leaseFiles;
  private final SignalFiles signalFiles;
  private final StoreEnvironment environment;
  private @Nullable FileLease lease;

  private FileStateStore(Path path, StoreEnvironment environment) {
    this.directory = new GroupDirectory(path, environment);
    this.leaseFiles = new LeaseFiles(directory, environment);
    this.signalFiles = new SignalFiles(directory, LOG);
    this.environment = environment;
  }

  /**
   * Returns a store that keeps a group's state in a directory. Nothing is touched yet; the
   * directory is made when it is first needed, for this user only.
   *
   * @param directory for this group alone; a relative one is seen from the working directory of now
   * @throws IllegalArgumentException if it is not on the system's file system (but, say, in a zip)
   */
  public static FileStateStore in(Path directory) {
    Objects.requireNonNull(directory, "directory");
    return in(directory, StoreEnvironment.real());
  }

  static FileStateStore in(Path directory, StoreEnvironment environment) {
    if (!directory.getFileSystem().equals(FileSystems.getDefault())) {
      throw new IllegalArgumentException(
          "directory: expected one of the system's file system, but was " + directory.toUri());
    }
    return new FileStateStore(directory.toAbsolutePath(), environment);
  }

  /**
   * {@inheritDoc}
   *
   * <p>Only where somebody else is just about to take or to give up the lease it waits, at most
   * about 5 s, until that owner is known; after that the owner is called unknown.
   *
   * @throws StateCorruptException if the directory is another machine's
   */
  @Override
  public synchronized Acquired acquire(LeaseOwner owner) {
    Objects.requireNonNull(owner, "owner");
    return done(
        "The lease can't be acquired",
        () -> {
          directory.prepare();
          Acquired acquired = leaseFiles.acquire(owner);
          if (acquired instanceof FileLease ours) {
            lease = ours;
          }
          return acquired;
        });
  }

  /**
   * {@inheritDoc}
   *
   * <p>A holder whose {@code owner.json} can't be read is called unknown.
   *
   * @throws StoreException if the directory can't be used
   */
  @Override
  public Optional<LeaseOwner> holder() {
    return done(
        "It can't be told who holds the lease",
        () -> directory.exists() ? leaseFiles.holder() : Optional.empty());
  }

  /**
   * {@inheritDoc}
   *
   * @throws StateCorruptException if {@code state.json} is no plain file of ours, is too large or
   *     can't be read; the message names the remedy
   */
  @Override
  public Optional<byte[]> load() {
    return done(
        "The document can't be read",
        () ->
            directory.exists()
                ? directory.read(
                    directory.state(),
                    MOST_BYTES,
                    "Mend that, or put back a copy that you trust; it is never reset by itself")
                : Optional.empty());
  }

  @Override
  public void save(byte[] document, Lease by) {
    Objects.requireNonNull(document, "document");
    Objects.requireNonNull(by, "by");
    if (!(by instanceof FileLease held) || !held.isOn(directory.lock())) {
      throw new StoreException("Nothing was saved: the lease is none on " + directory);
    }
    if (document.length > MOST_BYTES) {
      throw new StoreException(
          "Nothing was saved: the document has "
              + document.length
              + " bytes, expected at most "
              + MOST_BYTES);
    }
    done(
        "The document was not saved, or it may not survive a loss of power; what is there is"
            + " whole, the former one or this",
        () -> {
          held.whileHeld(() -> DurableFile.replace(directory.state(), document));
          return true;
        });
  }

  /**
   * {@inheritDoc}
   *
   * @throws IllegalArgumentException if the id of its deployment is blank, longer than 200
   *     characters or not printable
   */
  @Override
  public void post(Signal signal) {
    Objects.requireNonNull(signal, "signal");
    done(
        "The signal was not stored",
        () -> {
          directory.prepare();
          signalFiles.post(signal);
          return true;
        });
  }

  /**
   * {@inheritDoc}
   *
   * <p>A file that is no well-formed signal is logged once and ignored.
   */
  @Override
  public List<Signal> signals(String deploymentId) {
    Objects.requireNonNull(deploymentId, "deploymentId");
    return done(
        "The signals can't be read",
        () -> directory.exists() ? signalFiles.of(deploymentId) : List.of());
  }

  @Override
  public void forget(String deploymentId) {
    Objects.requireNonNull(deploymentId, "deploymentId");
    done(
        "The signals can't be removed",
        () -> {
          if (directory.exists()) {
            signalFiles.forget(deploymentId);
          }
          return true;
        });
  }

  /**
   * {@inheritDoc}
   *
   * <p>It warns of directories above its own that others could move away, with all that is in them.
   */
  @Override
  public List<String> warnings() {
    return directory.exposed().stream().map(FileExposure::toString).toList();
  }

  /** Gives up the lease if it is held. The store can be used again. */
  @Override
  public synchronized void close() {
    try {
      if (lease != null) {
        lease.close();
        lease = null;
      }
    } finally {
      environment.time().close();
    }
  }

  /** Returns the directory for a person. */
  @Override
  public String toString() {
    return "state in " + directory;
  }

  private <T> T done(String otherwise, Uninterrupted.Work<T> work) {
    try {
      return Uninterrupted.call(work);
    } catch (IOException e) {
      String reason = Text.clean(Failures.reason(e), 500);
      throw new StoreException(otherwise + ": " + directory + ": " + reason, e);
    }
  }
}
