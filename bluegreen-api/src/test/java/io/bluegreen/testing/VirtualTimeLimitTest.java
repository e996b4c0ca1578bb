package io.bluegreen.testing;

import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Virtual time ends what takes longer than its caller gave it, and what is interrupted. */
class VirtualTimeLimitTest {
  private final VirtualTime time = new VirtualTime();

  @AfterEach
  void leavesNoInterruptBehind() {
    assertThat(Thread.interrupted()).isFalse();
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
  void anInterruptionLeavesTheWorkAndReachesTheCallerThatGaveItItsLimit() {
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
