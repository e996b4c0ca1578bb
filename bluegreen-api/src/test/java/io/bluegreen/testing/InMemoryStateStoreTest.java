package io.bluegreen.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bluegreen.LeaseOwner;
import io.bluegreen.Signal;
import io.bluegreen.StateStore.HeldBy;
import io.bluegreen.StateStore.Lease;
import io.bluegreen.StoreException;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;

class InMemoryStateStoreTest {
  private static final byte[] FORMER = {1, 1, 1};
  private static final byte[] NEXT = {2, 2, 2};

  private final VirtualTime time = new VirtualTime();
  private final InMemoryStateStore store = new InMemoryStateStore(time);
  private final LeaseOwner owner = new LeaseOwner("shop", "d1", 1, "localhost", Instant.EPOCH);
  private final Lease lease = (Lease) store.acquire(owner);

  @Test
  void aSaveFailsBeforeOrAfterItIsSaved() {
    store.save(FORMER, lease);
    store.next(StoreFault.FAIL, StoreFault.FAIL_AFTER_SAVING);
    assertFailsToSave();
    assertThat(store.load()).contains(FORMER);
    assertFailsToSave();
    assertThat(store.load()).contains(NEXT);
  }

  @Test
  void aSaveHangsBeforeOrAfterItIsSaved() {
    store.save(FORMER, lease);
    store.next(StoreFault.HANG, StoreFault.HANG_AFTER_SAVING);
    assertHangs();
    assertThat(store.load()).contains(FORMER);
    assertHangs();
    assertThat(store.load()).contains(NEXT);
  }

  @Test
  void aFullStoreIsFullUntilItIsNot() {
    store.full(true);
    assertFailsToSave();
    assertFailsToSave();
    store.full(false);
    store.save(NEXT, lease);
    assertThat(store.load()).contains(NEXT);
  }

  @Test
  void aLostLeaseIsNoticedAndSavesNothing() {
    store.next(StoreFault.LOSE_LEASE);
    assertFailsToSave();
    assertThat(lease.held()).isFalse();
    assertThat(store.load()).isEmpty();
  }

  @Test
  void somebodyElseCanSeizeTheLease() {
    LeaseOwner thief = new LeaseOwner("shop", "d2", 2, "elsewhere", Instant.EPOCH);
    store.seize(thief);
    assertThat(lease.held()).isFalse();
    assertThat(store.acquire(owner)).isEqualTo(new HeldBy(thief));
    store.loseLease();
    assertThat(store.acquire(owner)).isInstanceOf(Lease.class);
  }

  @Test
  void whatIsSavedCanRotAndBeReplacedByAnOldBackup() {
    store.save(NEXT, lease);
    store.corrupt();
    assertThat(store.load()).contains(new byte[] {2, 3, 2});
    store.restore(FORMER);
    assertThat(store.load()).contains(FORMER);
  }

  @Test
  void everyOtherCallFailsOnceWhenTold() {
    store.next(
        StoreFault.UNREADABLE,
        StoreFault.FAIL_TO_ACQUIRE,
        StoreFault.FAIL_TO_POST,
        StoreFault.FAIL_TO_READ_SIGNALS);
    Signal signal = new Signal("d1", Signal.Kind.ABORT, "alice", "", Instant.EPOCH);
    assertThatThrownBy(store::load).isInstanceOf(StoreException.class);
    assertThatThrownBy(() -> store.acquire(owner)).isInstanceOf(StoreException.class);
    assertThatThrownBy(() -> store.post(signal)).isInstanceOf(StoreException.class);
    assertThatThrownBy(() -> store.signals("d1")).isInstanceOf(StoreException.class);
    store.post(signal);
    assertThat(store.signals("d1")).containsExactly(signal);
    assertThat(store.load()).isEmpty();
  }

  private void assertFailsToSave() {
    assertThatThrownBy(() -> store.save(NEXT, lease)).isInstanceOf(StoreException.class);
  }

  private void assertHangs() {
    assertThatThrownBy(
            () ->
                time.within(
                    Duration.ofSeconds(5),
                    () -> {
                      store.save(NEXT, lease);
                      return true;
                    }))
        .isInstanceOf(TimeoutException.class);
  }
}
