package io.bluegreen.testing.contract;

import io.bluegreen.LeaseOwner;
import io.bluegreen.Signal;
import io.bluegreen.StateStore;
import io.bluegreen.testing.InMemoryStateStore;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/** Each is right, with one thing wrong. */
final class WrongStores {
  private WrongStores() {}

  static class GivesTheLeaseToEverybody implements StateStoreContract {
    private final InMemoryStateStore store = new InMemoryStateStore();

    @Override
    public StateStore openStore() {
      return new ForwardingStore(store.another()) {
        @Override
        public Acquired acquire(LeaseOwner owner) {
          store.loseLease();
          return super.acquire(owner);
        }
      };
    }
  }

  /** Asks whether the lease is free, and takes it in a second step. */
  static class LooksBeforeItTakes implements StateStoreContract {
    private final InMemoryStateStore store = new InMemoryStateStore();

    @Override
    public StateStore openStore() {
      return new ForwardingStore(store.another()) {
        @Override
        public Acquired acquire(LeaseOwner owner) {
          Optional<LeaseOwner> holder = holder();
          if (holder.isPresent()) {
            return new HeldBy(holder.get());
          }
          for (int i = 0; i < 10_000; i++) {
            Thread.yield();
          }
          store.loseLease();
          return super.acquire(owner);
        }
      };
    }
  }

  static class SavesWithoutTheLease implements StateStoreContract {
    private final InMemoryStateStore store = new InMemoryStateStore();

    @Override
    public StateStore openStore() {
      return new ForwardingStore(store.another()) {
        @Override
        public void save(byte[] document, Lease lease) {
          store.restore(document);
        }
      };
    }
  }

  static class CutsLargeDocuments implements StateStoreContract {
    private final InMemoryStateStore store = new InMemoryStateStore();

    @Override
    public StateStore openStore() {
      return new ForwardingStore(store.another()) {
        @Override
        public void save(byte[] document, Lease lease) {
          super.save(Arrays.copyOf(document, Math.min(document.length, 65_536)), lease);
        }
      };
    }
  }

  /** Writes one half after the other, and gives readers time between them. */
  static class WritesInPlace implements StateStoreContract {
    private final InMemoryStateStore store = new InMemoryStateStore();
    private final AtomicInteger loads = new AtomicInteger();

    @Override
    public StateStore openStore() {
      return new ForwardingStore(store.another()) {
        @Override
        public Optional<byte[]> load() {
          Optional<byte[]> loaded = super.load();
          loads.incrementAndGet();
          return loaded;
        }

        @Override
        public void save(byte[] document, Lease lease) {
          super.save(Arrays.copyOf(document, document.length / 2), lease);
          int before = loads.get();
          for (int i = 0; i < 10_000 && loads.get() < before + 2; i++) {
            Thread.yield();
          }
          super.save(document, lease);
        }
      };
    }
  }

  static class SortsSignals implements StateStoreContract {
    private final InMemoryStateStore store = new InMemoryStateStore();

    @Override
    public StateStore openStore() {
      return new ForwardingStore(store.another()) {
        @Override
        public List<Signal> signals(String deploymentId) {
          return super.signals(deploymentId).stream()
              .sorted(Comparator.comparing(Signal::at))
              .toList();
        }
      };
    }
  }
}
