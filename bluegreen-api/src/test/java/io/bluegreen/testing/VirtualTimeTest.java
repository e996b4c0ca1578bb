package io.bluegreen.testing;

import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class VirtualTimeTest {
  private final VirtualTime time = new VirtualTime();

  @AfterEach
  void leavesNoInterruptBehind() {
    assertThat(Thread.interrupted()).isFalse();
  }

  @Test
  void sleepingAdvancesBothClocks() throws Exception {
    var before = time.now();
    time.sleep(ofMinutes(30));
    assertThat(time.elapsed()).isEqualTo(ofMinutes(30));
    assertThat(time.now()).isEqualTo(before.plus(ofMinutes(30)));
  }

  @Test
  void jumpMovesOnlyTheWallClock() {
    var before = time.now();
    time.jump(Duration.ofHours(-1));
    assertThat(time.now()).isEqualTo(before.minus(Duration.ofHours(1)));
    assertThat(time.elapsed()).isZero();
  }

  @Test
  void whatIsScheduledHappensInOrderAtItsMomentWhileSomebodySleeps() throws Exception {
    List<String> seen = new ArrayList<>();
    time.at(ofMinutes(3), () -> seen.add("b " + time.elapsed()));
    time.at(ofMinutes(1), () -> seen.add("a " + time.elapsed()));
    time.after(ofMinutes(3), () -> seen.add("c " + time.elapsed()));
    time.at(ofMinutes(9), () -> seen.add("too late"));
    time.sleep(ofMinutes(5));
    assertThat(seen).containsExactly("a PT1M", "b PT3M", "c PT3M");
  }

  @Test
  void awaitReturnsAResultThatIsThereOrComesAsTimePasses() throws Exception {
    assertThat(time.await(ofSeconds(1), CompletableFuture.completedFuture("now"))).isEqualTo("now");
    assertThat(time.elapsed()).isZero();
    CompletableFuture<String> later = new CompletableFuture<>();
    time.after(ofSeconds(3), () -> later.complete("later"));
    assertThat(time.await(ofSeconds(10), later)).isEqualTo("later");
    assertThat(time.elapsed()).isEqualTo(ofSeconds(3));
  }

  @Test
  void awaitGivesUpAtItsLimitAndCancels() {
    CompletableFuture<String> never = new CompletableFuture<>();
    assertThatThrownBy(() -> time.await(ofSeconds(7), never)).isInstanceOf(TimeoutException.class);
    assertThat(never).isCancelled();
    assertThat(time.elapsed()).isEqualTo(ofSeconds(7));
  }

  @Test
  void awaitThrowsWhatTheResultFailedWith() {
    assertThatThrownBy(
            () ->
                time.await(ofSeconds(1), CompletableFuture.failedFuture(new IOException("cause"))))
        .isInstanceOf(IOException.class)
        .hasMessage("cause");
  }

  @Test
  void anInterruptionEndsTheSleepAndClearsTheFlag() {
    Thread self = Thread.currentThread();
    time.at(ofMinutes(3), self::interrupt);
    assertThatThrownBy(() -> time.sleep(ofMinutes(30))).isInstanceOf(InterruptedException.class);
    assertThat(time.elapsed()).isEqualTo(ofMinutes(3));
  }

  @Test
  void threadsThatSleepTakeTurnsAndEachWakesAtItsMoment() throws Exception {
    List<String> seen = Collections.synchronizedList(new ArrayList<>());
    CountDownLatch ready = new CountDownLatch(3);
    List<Thread> threads = new ArrayList<>();
    for (int n = 1; n <= 3; n++) {
      int step = n;
      Thread thread =
          new Thread(
              () ->
                  time.executor()
                      .execute(
                          () -> {
                            try {
                              ready.countDown();
                              ready.await();
                              for (int i = 1; i <= 4; i++) {
                                time.sleep(ofMinutes(step));
                                seen.add(step + " at " + time.elapsed().toMinutes());
                              }
                            } catch (InterruptedException e) {
                              Thread.currentThread().interrupt();
                            }
                          }));
      threads.add(thread);
      thread.start();
    }
    for (Thread thread : threads) {
      thread.join();
    }

    assertThat(seen)
        .containsExactlyInAnyOrder(
            "1 at 1", "1 at 2", "1 at 3", "1 at 4", "2 at 2", "2 at 4", "2 at 6", "2 at 8",
            "3 at 3", "3 at 6", "3 at 9", "3 at 12");
    assertThat(time.elapsed()).isEqualTo(ofMinutes(12));
  }

  @Test
  void threadThatWaitsForSomethingElseStopsNobodysTime() throws Exception {
    CountDownLatch never = new CountDownLatch(1);
    CountDownLatch inWork = new CountDownLatch(1);
    Thread stuck =
        new Thread(
            () ->
                time.executor()
                    .execute(
                        () -> {
                          inWork.countDown();
                          try {
                            never.await();
                          } catch (InterruptedException e) {
                            Thread.currentThread().interrupt();
                          }
                        }));
    stuck.start();
    inWork.await();
    time.sleep(ofMinutes(30));
    assertThat(time.elapsed()).isEqualTo(ofMinutes(30));
    never.countDown();
    stuck.join();
  }
}
