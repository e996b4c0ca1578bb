package io.bluegreen.testing.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.fail;

import io.bluegreen.LeaseOwner;
import io.bluegreen.Signal;
import io.bluegreen.StateStore;
import io.bluegreen.StateStore.HeldBy;
import io.bluegreen.StateStore.Lease;
import io.bluegreen.StoreException;
import io.bluegreen.TimeSource;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** The promises of every {@link StateStore}, as tests. */
public interface StateStoreContract {
  /**
   * Opens a store over the place of this test, as another process would. The place is empty at
   * first. It is called several times in a clause, which closes each store.
   */
  StateStore openStore();

  @Test
  default void anEmptyStoreHasNoDocumentNoHolderAndNoSignals() {
    try (StateStore store = openStore()) {
      assertThat(store.load()).as("load() promises empty where none was ever saved").isEmpty();
      assertThat(store.holder()).as("holder() promises empty where nobody holds it").isEmpty();
      assertThat(store.signals("d1")).as("signals() promises empty where none is").isEmpty();
      assertThat(store.warnings())
          .as("warnings() promises texts for a person, or none")
          .allSatisfy(warning -> assertThat(warning).isNotBlank());
    }
  }

  @Test
  default void theLeaseIsExclusiveAndTheLoserLearnsWhoHasIt() {
    LeaseOwner alice = owner("alice");
    try (StateStore first = openStore();
        StateStore second = openStore()) {
      try (Lease lease = lease(first, alice)) {
        String promise = "acquire() promises the lease to one holder only, and tells others who";
        assertThat(second.acquire(owner("bob"))).as(promise).isEqualTo(new HeldBy(alice));
        assertThat(first.acquire(owner("carol"))).as(promise).isEqualTo(new HeldBy(alice));
        assertThat(second.holder())
            .as("holder() promises who holds the lease, to everybody")
            .contains(alice);
        held("held() promises true while nobody took it", lease, true);
      }
    }
  }

  @Test
  default void aClosedLeaseIsFreeForOthersAndNoLongerHeld() {
    try (StateStore first = openStore();
        StateStore second = openStore()) {
      Lease lease = lease(first, owner("alice"));
      lease.close();
      held("held() promises false for a lease that was closed", lease, false);
      assertThat(second.holder()).as("close() promises that nobody holds it").isEmpty();
      Lease next = lease(second, owner("bob"));
      lease.close();
      held("close() promises to do nothing the second time, to others' leases too", next, true);
      next.close();
    }
  }

  @Test
  default void aStoreThatIsClosedGivesUpItsLease() {
    StateStore first = openStore();
    Lease lease = lease(first, owner("alice"));
    first.close();
    try (StateStore second = openStore()) {
      held("a store promises that close() ends its lease", lease, false);
      lease(second, owner("bob")).close();
    }
  }

  @Test
  default void ofManyWhoAskAtOnceOneGetsTheLease() {
    List<StateStore> stores = new ArrayList<>();
    try (TimeSource time = TimeSource.system()) {
      for (int i = 0; i < 8; i++) {
        stores.add(openStore());
      }
      for (int round = 0; round < 25; round++) {
        LeaseOwner owner = owner("round" + round);
        List<CompletableFuture<StateStore.Acquired>> asked =
            stores.stream()
                .map(s -> CompletableFuture.supplyAsync(() -> s.acquire(owner), time.executor()))
                .toList();
        List<Lease> leases = new ArrayList<>();
        for (CompletableFuture<StateStore.Acquired> answer : asked) {
          if (answer.join() instanceof Lease lease) {
            leases.add(lease);
          }
        }
        assertThat(leases).as("acquire() promises the lease to one of many at once").hasSize(1);
        leases.forEach(Lease::close);
      }
    } finally {
      stores.forEach(StateStore::close);
    }
  }

  @Test
  default void whatWasSavedIsLoadedExactlyByEverybody() {
    byte[] large = new byte[1 << 20];
    new Random(1).nextBytes(large);
    List<byte[]> documents =
        List.of("{}".getBytes(StandardCharsets.UTF_8), new byte[0], large, new byte[] {0, -1, 10});
    try (StateStore store = openStore();
        StateStore other = openStore();
        Lease lease = lease(store, owner("alice"))) {
      for (byte[] document : documents) {
        byte[] given = document.clone();
        store.save(given, lease);
        Arrays.fill(given, (byte) 7);
        String promise = "load() promises the bytes that were saved last, exactly";
        assertThat(loaded(store)).as(promise).isEqualTo(document);
        assertThat(loaded(other)).as(promise + ", to another process too").isEqualTo(document);
      }
    }
    try (StateStore later = openStore()) {
      assertThat(loaded(later))
          .as("save() promises that the document outlives its lease and its store")
          .isEqualTo(documents.get(documents.size() - 1));
    }
  }

  @Test
  default void aReaderNeverSeesAPartOfADocument() {
    AtomicBoolean over = new AtomicBoolean();
    try (StateStore store = openStore();
        StateStore other = openStore();
        TimeSource time = TimeSource.system();
        Lease lease = lease(store, owner("alice"))) {
      store.save(uniform('a', 60_000), lease);
      CompletableFuture<String> reader =
          CompletableFuture.supplyAsync(
              () -> {
                String torn = "";
                while (!over.get() && torn.isEmpty()) {
                  byte[] read = loaded(other);
                  boolean whole =
                      read.length > 0 && Arrays.equals(read, uniform((char) read[0], read.length));
                  boolean asLong = read.length == (read.length == 0 || read[0] == 'a' ? 60_000 : 9);
                  torn = whole && asLong ? "" : "a document of " + read.length + " bytes";
                }
                return torn;
              },
              time.executor());
      try {
        for (int i = 0; i < 100; i++) {
          store.save(uniform('b', 9), lease);
          store.save(uniform('a', 60_000), lease);
        }
      } finally {
        over.set(true);
      }
      assertThat(reader.join()).as("load() promises never a part of a document").isEmpty();
    }
  }

  @Test
  default void nobodySavesWithoutTheLease() {
    byte[] before = uniform('a', 10);
    try (StateStore store = openStore()) {
      Lease lease = lease(store, owner("alice"));
      store.save(before, lease);
      lease.close();
      String promise = "save() promises to refuse a lease that is no longer held";
      assertThatThrownBy(() -> store.save(uniform('b', 10), lease), promise)
          .isInstanceOf(StoreException.class);
      try (Lease next = lease(store, owner("bob"))) {
        String still = promise + ", while another holds one too";
        assertThatThrownBy(() -> store.save(uniform('c', 10), lease), still)
            .isInstanceOf(StoreException.class);
        assertThat(loaded(store)).as(promise).isEqualTo(before);
        assertThatCode(() -> store.save(before, next)).doesNotThrowAnyException();
      }
    }
  }

  @Test
  default void signalsArriveInOrderForTheirDeploymentUntilTheyAreForgotten() {
    List<Signal> posted = new ArrayList<>();
    try (StateStore store = openStore();
        StateStore other = openStore()) {
      for (int i = 0; i < 3; i++) {
        for (Signal.Kind kind : Signal.Kind.values()) {
          Signal signal =
              new Signal(
                  "d1", kind, "alice", "why " + i + " \u00e9 \"x\" <&> \\", at(9 - posted.size()));
          posted.add(signal);
          (posted.size() % 2 == 0 ? store : other).post(signal);
        }
      }
      Signal foreign = new Signal("d2", Signal.Kind.ABORT, "bob", "", at(0));
      other.post(foreign);
      assertThat(store.signals("d1"))
          .as("signals() promises those of its deployment, whole, in the order of posting")
          .isEqualTo(posted);
      assertThat(other.signals("d2")).as("signals() promises no others'").containsExactly(foreign);
      store.forget("d1");
      assertThat(other.signals("d1")).as("forget() promises that they are gone").isEmpty();
      assertThat(other.signals("d2"))
          .as("forget() promises to leave other deployments' signals")
          .containsExactly(foreign);
      assertThatCode(() -> store.forget("d1"))
          .as("forget() promises to do nothing where nothing is")
          .doesNotThrowAnyException();
    }
  }

  private static Lease lease(StateStore store, LeaseOwner owner) {
    return store.acquire(owner) instanceof Lease lease
        ? lease
        : fail("[acquire() promises the lease where nobody holds it] but it is " + store.holder());
  }

  private static void held(String promise, Lease lease, boolean expected) {
    boolean held = lease.held();
    Promise.kept(promise, held == expected, () -> "held() = " + held);
  }

  private static byte[] loaded(StateStore store) {
    Optional<byte[]> document = store.load();
    return document.orElseGet(
        () -> fail("[load() promises the document that was saved] but it is empty"));
  }

  private static byte[] uniform(char content, int length) {
    byte[] document = new byte[length];
    Arrays.fill(document, (byte) content);
    return document;
  }

  /**
   * Returns an owner with the pid of this process, because a store may look whether its owner still
   * lives.
   */
  private static LeaseOwner owner(String deployment) {
    return new LeaseOwner(
        "contract", deployment, ProcessHandle.current().pid(), "localhost", at(0));
  }

  private static Instant at(long second) {
    return Instant.parse("2030-01-01T00:00:00Z").plus(Duration.ofSeconds(second));
  }
}
