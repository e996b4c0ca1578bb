package io.bluegreen.store;

import static io.bluegreen.store.OtherJvm.owner;
import static org.assertj.core.api.Assertions.assertThat;

import io.bluegreen.LeaseOwner;
import io.bluegreen.StateStore;
import io.bluegreen.StateStore.HeldBy;
import io.bluegreen.StateStore.Lease;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Several processes and threads want one lease. */
class LeaseBetweenProcessesTest {
  @TempDir private Path parent;
  private Path directory;
  private FileStateStore store;

  @BeforeEach
  void open() {
    directory = parent.resolve("shop");
    store = FileStateStore.in(directory);
  }

  @AfterEach
  void close() {
    Thread.interrupted();
    store.close();
  }

  @Test
  void leaseOfAnotherJvmIsSeenHereUntilItIsGivenUp() throws Exception {
    try (OtherJvm other = OtherJvm.on(directory)) {
      assertThat(other.ask("acquire d-1")).isEqualTo("lease");

      assertThat(store.acquire(owner("d-2"))).isEqualTo(new HeldBy(ownerIn(other)));
      assertThat(store.holder()).contains(ownerIn(other));
      assertThat(other.ask("held")).isEqualTo("true");

      assertThat(other.ask("release")).isEqualTo("released");
      assertThat(store.holder()).isEmpty();
      assertThat(store.acquire(owner("d-2"))).isInstanceOf(Lease.class);
      assertThat(other.ask("holder")).isEqualTo("d-2");
    }
  }

  @Test
  void killFreesTheLeaseAndTheDeadOwnersFileMakesNoHolder() throws Exception {
    try (OtherJvm other = OtherJvm.on(directory)) {
      assertThat(other.ask("acquire d-1")).isEqualTo("lease");
      other.kill();

      assertThat(directory.resolve("owner.json")).content().contains("d-1");
      assertThat(store.holder()).isEmpty();
      acquire(store, "d-2");
      assertThat(store.holder()).contains(owner("d-2"));
    }
  }

  @Test
  void leaseIsHeldByOneOfManyThreadsAtATime() throws Exception {
    AtomicInteger inside = new AtomicInteger();
    AtomicInteger won = new AtomicInteger();
    List<Throwable> wrong = Collections.synchronizedList(new ArrayList<>());
    List<Thread> threads = new ArrayList<>();
    for (int t = 0; t < 6; t++) {
      String me = "d-" + t;
      threads.add(
          new Thread(
              () -> {
                try (FileStateStore mine = FileStateStore.in(directory)) {
                  for (int got = 0; got < 10; ) {
                    mine.holder();
                    if (mine.acquire(owner(me)) instanceof Lease lease) {
                      assertThat(inside.incrementAndGet()).isEqualTo(1);
                      assertThat(lease.held()).isTrue();
                      inside.decrementAndGet();
                      lease.close();
                      got++;
                      won.incrementAndGet();
                    }
                  }
                } catch (Throwable e) {
                  wrong.add(e);
                }
              }));
    }
    threads.forEach(Thread::start);
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(wrong).isEmpty();
    assertThat(won).hasValue(60);
  }

  @Test
  void leaseIsNeverHeldByTwoJvmsThatFightForIt() throws Exception {
    try (OtherJvm one = OtherJvm.on(directory);
        OtherJvm two = OtherJvm.on(directory)) {
      one.send("fight d-1 100");
      two.send("fight d-2 100");
      assertThat(one.answer()).startsWith("won 100").endsWith("wrong 0");
      assertThat(two.answer()).startsWith("won 100").endsWith("wrong 0");
    }
    assertThat(store.holder()).isEmpty();
  }

  @Test
  void askingForTheHolderNeverKeepsAnybodyFromTheLease() throws Exception {
    AtomicBoolean done = new AtomicBoolean();
    CountDownLatch asking = new CountDownLatch(1);
    AtomicInteger seen = new AtomicInteger();
    Thread nosy =
        new Thread(
            () -> {
              while (!done.get()) {
                store.holder().ifPresent(owner -> seen.incrementAndGet());
                asking.countDown();
              }
            });
    try (OtherJvm other = OtherJvm.on(directory)) {
      assertThat(other.ask("take d-1 1")).isEqualTo("refused 0");
      nosy.start();
      asking.await();
      assertThat(other.ask("take d-1 100")).isEqualTo("refused 0");
      assertThat(other.ask("acquire d-1")).isEqualTo("lease");
      Awaitility.await().until(() -> seen.get() > 0);
    } finally {
      done.set(true);
      nosy.join();
    }
  }

  private static Lease acquire(StateStore store, String deploymentId) {
    return (Lease) store.acquire(owner(deploymentId));
  }

  private static LeaseOwner ownerIn(OtherJvm other) {
    LeaseOwner here = owner("d-1");
    return new LeaseOwner(
        here.group(), here.deploymentId(), other.pid(), here.host(), here.since());
  }
}
