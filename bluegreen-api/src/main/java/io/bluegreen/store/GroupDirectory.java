package io.bluegreen.store;

import io.bluegreen.StateCorruptException;
import io.bluegreen.StoreException;
import io.bluegreen.support.DurableFile;
import io.bluegreen.support.Failures;
import io.bluegreen.support.FileExposure;
import io.bluegreen.support.FileMode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A group's directory: what is where in it, and whether it may be used. */
final class GroupDirectory {
  private static final Logger LOG = LoggerFactory.getLogger(GroupDirectory.class);
  private static final int MOST_MACHINE_BYTES = 4096;

  private final Path path;
  private final StoreEnvironment environment;
  private final AtomicBoolean memoryTold = new AtomicBoolean();

  GroupDirectory(Path path, StoreEnvironment environment) {
    this.path = path;
    this.environment = environment;
  }

  Path lock() {
    return path.resolve("lock");
  }

  Path state() {
    return path.resolve("state.json");
  }

  Path owner() {
    return path.resolve("owner.json");
  }

  Path signals() {
    return path.resolve("signals");
  }

  Path machine() {
    return path.resolve("machine");
  }

  /**
   * Returns whether it is there.
   *
   * @throws StoreException if what is there may not be used
   */
  boolean exists() throws IOException {
    Optional<FileFacts> facts = FileFacts.of(path);
    if (facts.isEmpty()) {
      // Asked here, because not every JDK tells a name below a file from one that is missing.
      Path above = nearest(path);
      if (!Files.isDirectory(above)) {
        throw new StoreException(path + " can't be a directory, because " + above + " is none");
      }
      return false;
    }
    refuse(facts.get().wrongAsDirectory(environment.user()));
    refuseForeignFileSystem(path);
    refuseForeignMachine();
    return true;
  }

  /** Makes what is missing; nothing, if what is there may not be used. */
  void prepare() throws IOException {
    if (!exists()) {
      create(path);
      exists();
    }
    if (!Files.isWritable(path)) {
      throw new StoreException(
          path
              + " can't be written by this process; nothing was changed. Allow it, remount it"
              + " writable, or give another directory");
    }
    if (FileFacts.of(signals()).isEmpty()) {
      create(signals());
    }
    checkSignals();
  }

  /** Refuses a directory of signals that others could write. */
  void checkSignals() throws IOException {
    refuse(FileFacts.of(signals()).flatMap(f -> f.wrongAsDirectory(environment.user())));
  }

  /** Marks the directory as this machine's, if it is marked as nobody's. Call it under the lock. */
  void mark() throws IOException {
    if (FileFacts.of(machine()).isEmpty()) {
      DurableFile.replace(machine(), environment.machine().write());
    }
  }

  /** Removes what a process that was killed left half written. Call it under the lock. */
  void removeLeftovers() throws IOException {
    for (Path place : List.of(path, signals())) {
      for (Path removed : DurableFile.removeLeftovers(place)) {
        LOG.info("Removed {}, which a process that was killed had left", removed);
      }
    }
  }

  /**
   * Reads a file of ours.
   *
   * @return its bytes, or empty if it is not there
   * @throws StateCorruptException if it can't be what this store wrote
   */
  Optional<byte[]> read(Path file, int most, String remedy) {
    try {
      Optional<FileFacts> facts = FileFacts.of(file);
      if (facts.isEmpty()) {
        return Optional.empty();
      }
      Optional<String> wrong = facts.get().wrongAsFile(environment.user());
      if (wrong.isPresent()) {
        throw new StateCorruptException(wrong.get() + ". " + remedy);
      }
      return Optional.of(DurableFile.read(file, most));
    } catch (NoSuchFileException removedMeanwhile) {
      return Optional.empty();
    } catch (IOException e) {
      throw new StateCorruptException(
          file + " can't be read: " + Failures.reason(e) + ". " + remedy, e);
    }
  }

  /** Returns what lets others move it away. */
  List<FileExposure> exposed() {
    return FileExposure.ofParents(path);
  }

  /** Returns the directory for a person. */
  @Override
  public String toString() {
    return path.toString();
  }

  private void create(Path wanted) throws IOException {
    Path existing = nearest(wanted);
    refuseForeignFileSystem(existing);
    Deque<Path> missing = new ArrayDeque<>();
    for (Path p = wanted; p != null && !p.equals(existing); p = p.getParent()) {
      missing.push(p);
    }
    for (Path directory : missing) {
      // By createDirectories, because another process may be doing the same.
      FileMode.PRIVATE.createDirectories(directory);
      Path parent = directory.getParent();
      if (parent != null) {
        DurableFile.forceDirectory(parent);
      }
    }
  }

  /** Returns the path itself, or the nearest above it that is there. */
  private static Path nearest(Path wanted) throws IOException {
    Path above = wanted;
    for (Path p = wanted; p != null; p = p.getParent()) {
      above = p;
      if (FileFacts.of(p).isPresent()) {
        break;
      }
    }
    return above;
  }

  private void refuseForeignFileSystem(Path where) throws IOException {
    String type = environment.fileSystems().type(where);
    if (NetworkFileSystems.contains(type)) {
      throw new StoreException(
          path
              + " is on a file system of type "
              + type
              + ", where neither locks nor what was written are sure to hold; give a directory on a"
              + " local disk");
    }
    if (NetworkFileSystems.isMemory(type) && memoryTold.compareAndSet(false, true)) {
      LOG.warn("{} is on {}: what is kept there is lost when the machine restarts", path, type);
    }
  }

  private void refuseForeignMachine() {
    String remedy =
        "If nothing of what it describes runs elsewhere (the machine or the container got another"
            + " name or id), delete "
            + machine()
            + "; else give this machine a directory of its own";
    Optional<byte[]> document = read(machine(), MOST_MACHINE_BYTES, remedy);
    if (document.isEmpty()) {
      return;
    }
    MachineId theirs;
    try {
      theirs = MachineId.read(document.get());
    } catch (IllegalArgumentException e) {
      throw new StateCorruptException(
          machine() + " does not name a machine: " + Failures.reason(e) + ". " + remedy, e);
    }
    if (!theirs.sameAs(environment.machine())) {
      throw new StateCorruptException(
          path
              + " is the state of another machine ("
              + theirs.host()
              + "), and this is "
              + environment.machine().host()
              + "; a copied directory can't be used. "
              + remedy);
    }
  }

  private static void refuse(Optional<String> wrong) {
    if (wrong.isPresent()) {
      throw new StoreException(wrong.get() + ". Nothing was changed");
    }
  }
}
