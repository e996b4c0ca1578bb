package io.bluegreen.store;

import io.bluegreen.LeaseOwner;
import io.bluegreen.StoreException;
import io.bluegreen.support.FileMode;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * The lock files that this JVM has open: the one static state of this package.
 *
 * <p>A POSIX lock belongs to a process and an inode, and it is gone, silently, as soon as the
 * process closes <em>any</em> descriptor of that inode. Therefore nothing else in this package
 * opens a lock file, there is one channel for each inode, and a channel is closed only while the
 * lock is held through it. So not even a second copy of this class (another class loader) loses its
 * lock: there the JDK says that the two overlap, and our channel stays open. Files are told apart
 * by inode, not by path, so that links and bind mounts lead to the same entry; an open channel
 * keeps the inode from being used again.
 *
 * <p>Byte 0 of the file is the lease: the process that has it locked holds the group. All bytes
 * behind it are the sign that the holder's owner file is written. A process that only asks tries a
 * shared lock on one random byte of the sign; so asking never makes an acquisition fail, and two
 * processes that ask don't meet.
 */
final class LockTable {
  private static final long SIGN = 1;
  private static final int MOST_TRIES = 10;
  private static final Map<Object, Entry> OPEN = new HashMap<>();

  private LockTable() {}

  /** The answer to {@link #claim} and {@link #ask}. */
  sealed interface Answer permits Claim, Free, HeldHere, HeldElsewhere {}

  /** Nobody has shown that the lock is held. */
  record Free() implements Answer {}

  /** This JVM holds the lock. */
  record HeldHere(LeaseOwner owner) implements Answer {}

  /** Another process holds the lock, or another copy of this library in this JVM. */
  record HeldElsewhere() implements Answer {}

  /**
   * An open lock file; the claim if this JVM holds it, so that its locks are not collected as
   * garbage.
   */
  private record Entry(Object key, FileChannel channel, boolean writable, @Nullable Claim claim) {}

  /** Tries to get the lease. */
  static synchronized Answer claim(Path file, int user, LeaseOwner owner) throws IOException {
    for (int tries = 0; tries < MOST_TRIES; tries++) {
      Entry entry = opened(file, user, true).orElseThrow();
      if (entry.claim() != null) {
        return new HeldHere(entry.claim().owner);
      }
      FileLock lease = lock(entry.channel(), 0, 1, false);
      if (lease == null) {
        return new HeldElsewhere();
      }
      Claim claim = new Claim(file, user, owner, entry, lease);
      OPEN.put(entry.key(), new Entry(entry.key(), entry.channel(), true, claim));
      boolean valid = false;
      try {
        valid = claim.valid();
      } finally {
        if (!valid) {
          claim.release();
        }
      }
      if (valid) {
        return claim;
      }
    }
    throw replaced(file);
  }

  /** Finds out whether the lease is held, and the holder's owner file is written. */
  static synchronized Answer ask(Path file, int user) throws IOException {
    Optional<Entry> entry = opened(file, user, false);
    if (entry.isEmpty()) {
      return new Free();
    }
    Claim here = entry.get().claim();
    if (here != null) {
      return new HeldHere(here.owner);
    }
    long one = SIGN + ThreadLocalRandom.current().nextLong(1L << 40);
    FileLock asked = lock(entry.get().channel(), one, 1, true);
    if (asked == null) {
      return new HeldElsewhere();
    }
    asked.release();
    return new Free();
  }

  /**
   * Returns the one entry for what the path names now; if it is not there, empty to a caller that
   * only asks.
   */
  private static Optional<Entry> opened(Path file, int user, boolean toClaim) throws IOException {
    for (int tries = 0; tries < MOST_TRIES; tries++) {
      Optional<Object> before = key(file, user);
      if (before.isEmpty() && !toClaim) {
        return Optional.empty();
      }
      Entry known = before.map(OPEN::get).orElse(null);
      if (known != null && (known.writable() || !toClaim)) {
        return Optional.of(known);
      }
      Entry opened;
      try {
        opened = open(file, before.isEmpty(), toClaim);
      } catch (FileAlreadyExistsException | NoSuchFileException changedMeanwhile) {
        continue;
      }
      Optional<Object> after = key(file, user);
      if (after.isEmpty() || (before.isPresent() && !before.equals(after))) {
        // Which file this is, is not certain; it may be one that is locked here.
        keepOpen(opened);
        continue;
      }
      Entry entry = new Entry(after.get(), opened.channel(), opened.writable(), null);
      Entry former = OPEN.put(entry.key(), entry);
      if (former == null || former.claim() == null) {
        keepOpen(former);
        return Optional.of(entry);
      }
      OPEN.put(former.key(), former);
      keepOpen(entry);
    }
    throw replaced(file);
  }

  private static void keepOpen(@Nullable Entry entry) {
    if (entry != null) {
      OPEN.put(new Object(), entry);
    }
  }

  private static Optional<Object> key(Path file, int user) throws IOException {
    Optional<FileFacts> facts = FileFacts.of(file);
    Optional<String> wrong = facts.flatMap(f -> f.wrongAsFile(user));
    if (wrong.isPresent()) {
      throw new StoreException(wrong.get());
    }
    if (facts.isPresent() && facts.get().others()) {
      narrow(file);
    }
    return facts.map(FileFacts::key);
  }

  /** Anyone who may read it could take a shared lock, and keep everybody from the lease. */
  private static void narrow(Path file) {
    try {
      Files.setPosixFilePermissions(file, FileMode.PRIVATE.ofFile());
    } catch (IOException readOnly) {
      // A process that only asks can do so where nothing can be changed.
    }
  }

  private static Entry open(Path file, boolean create, boolean toClaim) throws IOException {
    Object key = new Object(); // Not known yet.
    try {
      return new Entry(key, open(file, create, StandardOpenOption.WRITE), true, null);
    } catch (FileAlreadyExistsException | NoSuchFileException e) {
      throw e;
    } catch (FileSystemException readOnly) {
      if (toClaim) {
        throw readOnly;
      }
      // To ask is possible where nothing can be written any more, and then it is asked for most.
      return new Entry(key, open(file, create), false, null);
    }
  }

  private static FileChannel open(Path file, boolean create, OpenOption... more)
      throws IOException {
    Set<OpenOption> options = new HashSet<>(List.of(more));
    options.add(StandardOpenOption.READ);
    options.add(LinkOption.NOFOLLOW_LINKS);
    if (create) {
      options.add(StandardOpenOption.CREATE_NEW);
    }
    return FileChannel.open(
        file, options, PosixFilePermissions.asFileAttribute(FileMode.PRIVATE.ofFile()));
  }

  private static synchronized void release(Entry entry) throws IOException {
    OPEN.remove(entry.key());
    entry.channel().close();
  }

  private static StoreException replaced(Path file) {
    return new StoreException(
        file + " is replaced again and again; find out which program does that");
  }

  /** Unlike other operations of a channel this one takes no notice of an interrupt. */
  private static @Nullable FileLock lock(FileChannel channel, long from, long size, boolean shared)
      throws IOException {
    try {
      return channel.tryLock(from, size, shared);
    } catch (OverlappingFileLockException heldByACopyOfThisLibrary) {
      return null;
    }
  }

  /** A lease that this JVM holds. Safe from any thread. */
  static final class Claim implements Answer {
    private final Path file;
    private final int user;
    private final LeaseOwner owner;
    private final Entry entry;
    private final FileLock lease;
    private @Nullable FileLock sign;

    private Claim(Path file, int user, LeaseOwner owner, Entry entry, FileLock lease) {
      this.file = file;
      this.user = user;
      this.owner = owner;
      this.entry = entry;
      this.lease = lease;
    }

    /** Returns whether the lock is there, and its file is still what its path names. */
    boolean valid() throws IOException {
      return lease.isValid() && key(file, user).equals(Optional.of(entry.key()));
    }

    /** Shows others that the owner file is written. Fails only while somebody is asking. */
    boolean show() throws IOException {
      sign = lock(entry.channel(), SIGN, Long.MAX_VALUE - SIGN, false);
      return sign != null;
    }

    /** Gives the lease up, and with it the sign. */
    void release() throws IOException {
      LockTable.release(entry);
    }
  }
}
