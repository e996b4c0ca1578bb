package io.bluegreen.support;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class CloseAllTest {
  private final List<String> closed = new ArrayList<>();

  private AutoCloseable part(String name) {
    return () -> closed.add(name);
  }

  private AutoCloseable failing(String name, Exception failure) {
    return () -> {
      closed.add(name);
      throw failure;
    };
  }

  @Test
  void eachPartIsClosedOnceInOrder() {
    AutoCloseable twice = part("b");
    CloseAll.of(List.of(part("a"), twice, twice, part("c")));
    assertThat(closed).containsExactly("a", "b", "c");
  }

  @Test
  void everyPartIsClosedWhateverAnotherThrowsAndTheFirstFailureIsThrownWithTheOthers() {
    IllegalStateException first = new IllegalStateException("first");
    IOException second = new IOException("second");
    assertThatThrownBy(
            () ->
                CloseAll.of(
                    List.of(
                        failing("a", first), part("b"), failing("c", second), failing("d", first))))
        .isSameAs(first)
        .hasSuppressedException(second);
    assertThat(closed).containsExactly("a", "b", "c", "d");
    assertThat(first.getSuppressed()).hasSize(1);
  }

  @Test
  void checkedFailureAndInterruptionAreTold() {
    IOException failure = new IOException("disk full");
    assertThatThrownBy(() -> CloseAll.of(List.of(failing("a", failure))))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("could not be closed: disk full")
        .hasCause(failure);

    assertThatThrownBy(
            () -> CloseAll.of(List.of(failing("b", new InterruptedException("now")), part("c"))))
        .isInstanceOf(IllegalStateException.class);
    assertThat(Thread.interrupted()).isTrue();
    assertThat(closed).containsExactly("a", "b", "c");
  }
}
