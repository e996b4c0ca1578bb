package io.bluegreen.support;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationTargetException;
import java.net.UnknownHostException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;

class FailuresTest {
  private static final IOException OWN = new IOException("the disk is full");

  @Test
  void wordsOfWhoFailedStandWithoutTheWrappingAroundThem() {
    assertThat(Failures.reason(OWN)).isEqualTo("the disk is full");
    assertThat(Failures.reason(new ExecutionException(OWN))).isEqualTo("the disk is full");
    assertThat(Failures.reason(new CompletionException(new ExecutionException(OWN))))
        .isEqualTo("the disk is full");
    assertThat(Failures.reason(new UncheckedIOException(OWN))).isEqualTo("the disk is full");
    assertThat(Failures.reason(new InvocationTargetException(OWN))).isEqualTo("the disk is full");
    assertThat(Failures.reason(new RuntimeException(" ", OWN))).isEqualTo("the disk is full");
    assertThat(Failures.reason(new ExecutionException(new AssertionError("3 rows, not 4"))))
        .isEqualTo("3 rows, not 4");
  }

  @Test
  void wrapperWithWordsOfItsOwnIsNotLookedThrough() {
    assertThat(Failures.reason(new IllegalStateException("migration 7 failed", OWN)))
        .isEqualTo("migration 7 failed");
  }

  @Test
  void classIsNamedWhereThereIsNoMessage() {
    assertThat(Failures.reason(new NullPointerException())).isEqualTo("NullPointerException");
    assertThat(Failures.reason(new ExecutionException(new IllegalStateException())))
        .isEqualTo("IllegalStateException");
    assertThat(Failures.reason(new RuntimeException() {})).contains("FailuresTest");
  }

  @Test
  void messageThatIsOnlyANameSaysWhatIsTheMatterWithIt() {
    assertThat(Failures.reason(new NoSuchFileException("/etc/shop")))
        .isEqualTo("no such file: /etc/shop");
    assertThat(Failures.reason(new AccessDeniedException("/etc/shop")))
        .isEqualTo("access denied: /etc/shop");
    assertThat(Failures.reason(new FileSystemException("/etc/shop", null, "Too many open files")))
        .isEqualTo("/etc/shop: Too many open files");
    assertThat(Failures.reason(new UnknownHostException("db"))).isEqualTo("unknown host: db");
    assertThat(Failures.reason(new UnknownHostException("db: Name or service not known")))
        .isEqualTo("db: Name or service not known");
    assertThat(Failures.reason(new NoClassDefFoundError("io/undertow/Undertow")))
        .isEqualTo("no class def found: io/undertow/Undertow");
  }

  @Test
  void causesInACircleEnd() {
    Exception one = new RuntimeException((String) null);
    Exception other = new RuntimeException(null, one);
    one.initCause(other);

    assertThat(Failures.reason(one)).isEqualTo("RuntimeException");
  }
}
