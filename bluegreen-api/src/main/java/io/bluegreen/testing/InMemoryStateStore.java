package io.bluegreen.testing;

import io.bluegreen.LeaseOwner;
import io.bluegreen.Signal;
import io.bluegreen.StateStore;
import io.bluegreen.StoreException;
import io.bluegreen.TimeSource;
import io.bluegreen.support.ArgumentChecks;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A store that lives as long as this object and {@linkplain #another() its others}. It keeps every
 * promise of {@link StateStore}, apart from surviving the JVM and from the faults that it gets by
 * {@link #next}. One object serves several managers one after another; managers that act at once
 * get {@link #another} each, because {@link #close} ends the leases of its object. Safe for use by
 * several threads.
 */
public final class InMemoryStateStore implements StateStore {
  private final TimeSource time;
  private final Place place;

  /** Creates a store that never hangs, for tests that need no time. */
  public InMemoryStateStore() {
    this(new VirtualTime());
  }

  /**
   * Creates an empty store.
   *
   * @param time the time source of the manager
   */
  public InMemoryStateStore(TimeSource time) {
    this(time, new Place());
  }

  private InMemoryStateStore(TimeSource time, Place place) {
    this.time = Objects.requireNonNull(time, "time");
    this.place = place;
  }

  /** Returns another store over the same data, as another process would open it. */
  public InMemoryStateStore another() {
    return new InMemoryStateStore(time, place);
  }

  /** Adds faults: each happens in the next call of its kind, in this order. */
  public InMemoryStateStore next(StoreFault... faults) {
    ArgumentChecks.noNulls("faults", faults);
    place.faults.add(List.of(faults));
    return this;
  }

  /** Sets whether every save fails, as on a full disk. */
  public void full(boolean full) {
    synchronized (place) {
      place.full = full;
    }
  }

  /** Flips one bit in the middle of the document; does nothing if there is none. */
  public void corrupt() {
    synchronized (place) {
      if (place.document != null && place.document.length > 0) {
        place.document[place.document.length / 2] ^= 1;
      }
    }
  }

  /** Replaces the document, as a restored backup would. */
  public void restore(byte[] document) {
    Objects.requireNonNull(document, "document");
    synchronized (place) {
      place.document = document.clone();
    }
  }

  /** Takes the lease away from its holder, as an administrator or a time-out would. */
  public void loseLease() {
    synchronized (place) {
      place.lease = null;
    }
  }

  /**
   * Gives the lease to another owner, even if somebody holds it. That owner keeps it until
   * loseLease.
   */
  public void seize(LeaseOwner owner) {
    Objects.requireNonNull(owner, "owner");
    synchronized (place) {
      place.lease = new Held(place, new InMemoryStateStore(), owner);
    }
  }

  @Override
  public Acquired acquire(LeaseOwner owner) {
    Objects.requireNonNull(owner, "owner");
    if (place.faults.take(EnumSet.of(StoreFault.FAIL_TO_ACQUIRE)).isPresent()) {
      throw new StoreException("no lease, as told");
    }
    synchronized (place) {
      if (place.lease != null) {
        return new HeldBy(place.lease.owner);
      }
      Held lease = new Held(place, this, owner);
      place.lease = lease;
      return lease;
    }
  }

  @Override
  public Optional<LeaseOwner> holder() {
    synchronized (place) {
      return Optional.ofNullable(place.lease).map(lease -> lease.owner);
    }
  }

  @Override
  public Optional<byte[]> load() {
    Optional<StoreFault> fault = place.faults.take(StoreFault.OF_LOAD);
    if (fault.equals(Optional.of(StoreFault.HANG_ON_LOAD))) {
      VirtualTime.hang(time);
    }
    if (fault.isPresent()) {
      throw new StoreException("unreadable, as told");
    }
    synchronized (place) {
      return Optional.ofNullable(place.document).map(byte[]::clone);
    }
  }

  @Override
  public void save(byte[] document, Lease lease) {
    Objects.requireNonNull(document, "document");
    Objects.requireNonNull(lease, "lease");
    Optional<StoreFault> fault = place.faults.take(StoreFault.OF_SAVE);
    if (fault.isEmpty()) {
      put(document, lease);
      return;
    }
    switch (fault.get()) {
      case FAIL_AFTER_SAVING -> {
        put(document, lease);
        throw new StoreException("saved, then failed, as told");
      }
      case HANG -> VirtualTime.hang(time);
      case HANG_AFTER_SAVING -> {
        put(document, lease);
        VirtualTime.hang(time);
      }
      case LOSE_LEASE -> {
        loseLease();
        put(document, lease);
      }
      default -> throw new StoreException("not saved, as told"); // FAIL
    }
  }

  @Override
  public void post(Signal signal) {
    Objects.requireNonNull(signal, "signal");
    if (place.faults.take(EnumSet.of(StoreFault.FAIL_TO_POST)).isPresent()) {
      throw new StoreException("signal not stored, as told");
    }
    synchronized (place) {
      place.signals.add(signal);
    }
  }

  @Override
  public List<Signal> signals(String deploymentId) {
    Objects.requireNonNull(deploymentId, "deploymentId");
    if (place.faults.take(EnumSet.of(StoreFault.FAIL_TO_READ_SIGNALS)).isPresent()) {
      throw new StoreException("signals unreadable, as told");
    }
    synchronized (place) {
      return place.signals.stream().filter(s -> s.deploymentId().equals(deploymentId)).toList();
    }
  }

  @Override
  public void forget(String deploymentId) {
    Objects.requireNonNull(deploymentId, "deploymentId");
    synchronized (place) {
      place.signals.removeIf(signal -> signal.deploymentId().equals(deploymentId));
    }
  }

  /** Ends the lease that was acquired by this object. The object can be used again. */
  @Override
  public void close() {
    synchronized (place) {
      if (place.lease != null && place.lease.by == this) {
        place.lease = null;
      }
    }
  }

  private void put(byte[] document, Lease lease) {
    synchronized (place) {
      if (place.lease == null || place.lease != lease) {
        throw new StoreException("the lease is no longer held; nothing was saved");
      }
      if (place.full) {
        throw new StoreException("no space left, as told");
      }
      place.document = document.clone();
    }
  }

  /** The data that several stores share. Guarded by itself. */
  private static final class Place {
    final Faults<StoreFault> faults = new Faults<>();
    final List<Signal> signals = new ArrayList<>();
    @Nullable Held lease;
    byte @Nullable [] document;
    boolean full;
  }

  private static final class Held implements Lease {
    private final Place place;
    private final InMemoryStateStore by;
    private final LeaseOwner owner;

    Held(Place place, InMemoryStateStore by, LeaseOwner owner) {
      this.place = place;
      this.by = by;
      this.owner = owner;
    }

    @Override
    public boolean held() {
      synchronized (place) {
        return place.lease == this;
      }
    }

    @Override
    public void close() {
      synchronized (place) {
        if (place.lease == this) {
          place.lease = null;
        }
      }
    }
  }
}
