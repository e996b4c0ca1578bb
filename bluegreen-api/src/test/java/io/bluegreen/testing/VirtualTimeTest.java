package io.bluegreen.testing;

import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
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
  void workThatSleepsBeyondItsLimitIsLeftAtTheLimitThoughItCatchesExceptions() {
    AtomicBoolean wentOn = new AtomicBoolean();
    assertThatThrownBy(
            () ->
                time.within(
                    ofSeconds(5),
                    () -> {
                      try {
                        time.sleep(ofSeconds(60));
                      } catch (Exception e) {
                        wentOn.set(true);
                      }
                      wentOn.set(true);
                      return "late";
                    }))
        .isInstanceOf(TimeoutException.class)
        .hasMessage("no answer within 5 s");
    assertThat(time.elapsed()).isEqualTo(ofSeconds(5));
    assertThat(wentOn).isFalse();
  }

  @Test
  void workThatEndsAtItsLimitIsInTime() throws Exception {
    assertThat(
            time.within(
                ofSeconds(5),
                () -> {
                  time.sleep(ofSeconds(5));
                  return "in time";
                }))
        .isEqualTo("in time");
  }

  @Test
  void workThatSwallowsItsDeadlineHasTimedOutAllTheSame() {
    assertThatThrownBy(
            () ->
                time.within(
                    ofSeconds(5),
                    () -> {
                      try {
                        time.hang();
                      } catch (Throwable swallowed) {
                        return "late";
                      }
                      return "never";
                    }))
        .isInstanceOf(TimeoutException.class);
  }

  @Test
  void theEarliestOfNestedDeadlinesEndsTheWait() throws Exception {
    String inner =
        time.within(
            ofSeconds(60),
            () -> {
              assertThatThrownBy(() -> time.within(ofSeconds(5), this::hanging))
                  .isInstanceOf(TimeoutException.class);
              return "outer goes on at " + time.elapsed();
            });
    assertThat(inner).isEqualTo("outer goes on at PT5S");

    AtomicBoolean innerTimedOut = new AtomicBoolean();
    assertThatThrownBy(
            () ->
                time.within(
                    ofSeconds(5),
                    () -> {
                      try {
                        return time.within(ofSeconds(60), this::hanging);
                      } catch (TimeoutException e) {
                        innerTimedOut.set(true);
                        throw e;
                      }
                    }))
        .isInstanceOf(TimeoutException.class);
    assertThat(innerTimedOut).isFalse();
    assertThat(time.elapsed()).isEqualTo(ofSeconds(10));
  }

  @Test
  void hangingWithoutADeadlineIsAMistakeThatIsNamed() {
    assertThatIllegalStateException().isThrownBy(time::hang).withMessageContaining("deadline");
  }

  @Test
  void workThrowsWhatItThrowsAndErrorsArriveAsFromAnotherThread() {
    assertThatThrownBy(
            () ->
                time.within(
                    ofSeconds(1),
                    () -> {
                      throw new IOException("x");
                    }))
        .isInstanceOf(IOException.class);
    assertThatThrownBy(
            () ->
                time.within(
                    ofSeconds(1),
                    () -> {
                      throw new NoClassDefFoundError("x");
                    }))
        .isInstanceOf(ExecutionException.class)
        .hasCauseInstanceOf(NoClassDefFoundError.class);
    assertThatThrownBy(
            () ->
                time.within(
                    ofSeconds(1),
                    () -> {
                      throw new Crash("died");
                    }))
        .isInstanceOf(Crash.class);
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
  void awaitIsLeftAtAnOuterDeadline() {
    CompletableFuture<String> never = new CompletableFuture<>();
    assertThatThrownBy(() -> time.within(ofSeconds(2), () -> time.await(ofSeconds(60), never)))
        .isInstanceOf(TimeoutException.class);
    assertThat(never).isCancelled();
    assertThat(time.elapsed()).isEqualTo(ofSeconds(2));
  }

  @Test
  void aDeadlineThatIsOverInWorkHandedToTheExecutorStillEndsItsOwner() {
    assertThatThrownBy(
            () ->
                time.within(
                    ofSeconds(2),
                    () ->
                        time.await(
                            ofSeconds(60),
                            CompletableFuture.supplyAsync(
                                () -> {
                                  time.hang();
                                  return "never";
                                },
                                time.executor()))))
        .isInstanceOf(TimeoutException.class);
  }

  @Test
  void anInterruptionEndsTheSleepAndClearsTheFlag() {
    Thread self = Thread.currentThread();
    time.at(ofMinutes(3), self::interrupt);
    assertThatThrownBy(() -> time.sleep(ofMinutes(30))).isInstanceOf(InterruptedException.class);
    assertThat(time.elapsed()).isEqualTo(ofMinutes(3));
  }

  @Test
  void anInterruptionLeavesTheWorkAndReachesWhoeverGaveItItsLimit() {
    AtomicBoolean workSawIt = new AtomicBoolean();
    Thread self = Thread.currentThread();
    time.at(ofSeconds(3), self::interrupt);
    assertThatThrownBy(
            () ->
                time.within(
                    ofSeconds(60),
                    () -> {
                      try {
                        time.sleep(ofSeconds(30));
                      } catch (Exception e) {
                        workSawIt.set(true);
                      }
                      return "done";
                    }))
        .isInstanceOf(InterruptedException.class);
    assertThat(workSawIt).isFalse();
  }

  @Test
  void whatHappensMeanwhileHasDeadlinesOfItsOwn() throws Exception {
    List<String> seen = new ArrayList<>();
    time.at(
        ofSeconds(1),
        () -> {
          time.pass(ofSeconds(30)); // another process, which our limit does not concern
          seen.add("other ends at " + time.elapsed());
        });
    assertThatThrownBy(
            () ->
                time.within(
                    ofSeconds(5),
                    () -> {
                      time.sleep(ofSeconds(2));
                      return "late";
                    }))
        .isInstanceOf(TimeoutException.class);
    assertThat(seen).containsExactly("other ends at PT31S");
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

  @Test
  void limitOfOneThreadIsNotThatOfAnother() throws Exception {
    CountDownLatch limited = new CountDownLatch(1);
    CountDownLatch slept = new CountDownLatch(1);
    AtomicReference<Throwable> failed = new AtomicReference<>();
    Thread other =
        new Thread(
            () -> {
              try {
                time.within(
                    ofSeconds(5),
                    () -> {
                      limited.countDown();
                      slept.await();
                      return true;
                    });
              } catch (Throwable e) {
                failed.set(e);
              }
            });
    other.start();
    limited.await();
    time.sleep(ofMinutes(1));
    slept.countDown();
    other.join();
    assertThat(failed).hasValue(null);
    assertThat(time.elapsed()).isEqualTo(ofMinutes(1));
  }

  private String hanging() {
    time.hang();
    return "never";
  }
}
