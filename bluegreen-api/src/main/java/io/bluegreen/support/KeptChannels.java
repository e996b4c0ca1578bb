package io.bluegreen.support;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * The channels on files of locks that must stay open: a copy of this class (of another class
 * loader) has the lock, and closing a channel of this JVM would take it away from that copy.
 */
final class KeptChannels {
  private static final Map<Path, Queue<Kept>> KEPT = new ConcurrentHashMap<>();

  private KeptChannels() {}

  /**
   * Keeps one open.
   *
   * @param key tells the file from another of this name
   */
  static void keep(Path file, Object key, FileChannel channel) {
    KEPT.computeIfAbsent(file, f -> new ConcurrentLinkedQueue<>()).add(new Kept(key, channel));
  }

  /** Returns one that an earlier try had to keep, so that waiting opens one only. */
  static Optional<FileChannel> take(Path file, Object key) {
    Queue<Kept> all = KEPT.getOrDefault(file, new ConcurrentLinkedQueue<>());
    return all.stream()
        .filter(kept -> kept.key().equals(key))
        .findFirst()
        .filter(all::remove)
        .map(Kept::channel);
  }

  /**
   * Closes and forgets all of a file; to be called by the holder of the lock only.
   *
   * @throws IOException if one can't be closed
   */
  static void closeAllOf(Path file) throws IOException {
    Queue<Kept> all = KEPT.remove(file);
    if (all != null) {
      for (Kept kept : all) {
        kept.channel().close();
      }
    }
  }

  private record Kept(Object key, FileChannel channel) {}
}
