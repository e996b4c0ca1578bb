package io.bluegreen.simulation;

import io.bluegreen.LeaseOwner;
import io.bluegreen.Signal;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Everything that is stored: the document, the lease, and the signals. */
final class WorldDisk {
  byte @Nullable [] document;

  /** Earlier documents that a backup may bring back. */
  final List<byte[]> backups = new ArrayList<>();

  final List<Signal> signals = new ArrayList<>();
  boolean full;
  @Nullable Holder holder;

  /** Whether anybody but the engine has ever changed the document. */
  boolean replaced;

  /** The holder of the lease. */
  record Holder(HostLife life, LeaseOwner owner) {}

  void put(byte[] bytes) {
    document = bytes;
    backups.add(bytes);
    if (backups.size() > 40) {
      backups.remove(0);
    }
  }
}
