package io.bluegreen.support;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class UninterruptedTest {
  @AfterEach
  void noInterruptIsLeftForOthers() {
    Thread.interrupted();
  }

  @Test
  void theWorkDoesNotSeeTheFlagAndTheCallerFindsItAgain() throws IOException {
    Thread.currentThread().interrupt();
    assertThat(Uninterrupted.call(() -> Thread.currentThread().isInterrupted())).isFalse();
    assertThat(Thread.interrupted()).isTrue();
  }

  @Test
  void workThatIsInterruptedIsDoneAgain() throws IOException {
    AtomicInteger runs = new AtomicInteger();
    int done =
        Uninterrupted.call(
            () -> {
              if (runs.incrementAndGet() == 1) {
                throw new InterruptedException();
              }
              if (runs.get() == 2) {
                throw new ClosedByInterruptException();
              }
              return runs.get();
            });
    assertThat(done).isEqualTo(3);
    assertThat(Thread.interrupted()).isTrue();
  }

  @Test
  void endlessInterruptsEndItAndAreNotHidden() {
    assertThatThrownBy(
            () ->
                Uninterrupted.call(
                    () -> {
                      throw new ClosedByInterruptException();
                    }))
        .isInstanceOf(IOException.class)
        .hasMessage("interrupted again and again");
    assertThat(Thread.interrupted()).isTrue();
  }

  @Test
  void nobodyElseIsInterruptedByIt() throws IOException {
    assertThat(Uninterrupted.call(() -> "done")).isEqualTo("done");
    assertThat(Thread.interrupted()).isFalse();
  }
}
