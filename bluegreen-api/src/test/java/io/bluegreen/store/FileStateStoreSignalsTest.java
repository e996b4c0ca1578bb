package io.bluegreen.store;

import static io.bluegreen.store.OtherJvm.owner;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bluegreen.Signal;
import io.bluegreen.StateStore.Lease;
import io.bluegreen.StoreException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mockito.ArgumentCaptor;
import org.mockito.Mockito;
import org.slf4j.Logger;

class FileStateStoreSignalsTest {
  @TempDir private Path directory;
  private FileStateStore store;

  @BeforeEach
  void open() {
    store = FileStateStore.in(directory);
  }

  @AfterEach
  void close() {
    store.close();
  }

  @Test
  void signalsComeBackWholeAndInTheOrderInWhichTheyWerePostedWhateverTheClockDid() {
    Signal pause = signal("d-1", Signal.Kind.PAUSE, "2026-11-21T10:15:30.123456789Z");
    Signal resume = signal("d-1", Signal.Kind.RESUME, "2026-11-21T09:00:00Z");
    Signal abort = signal("d-1", Signal.Kind.ABORT, "2026-11-21T09:00:00Z");
    store.post(pause);
    store.post(signal("d-2", Signal.Kind.APPROVE, "2026-11-21T09:00:00Z"));
    store.post(resume);
    try (FileStateStore another = FileStateStore.in(directory)) {
      another.post(abort);
    }

    assertThat(store.signals("d-1")).containsExactly(pause, resume, abort);
    assertThat(store.signals("d-2")).hasSize(1);
    assertThat(store.signals("d-3")).isEmpty();
  }

  /** In some countries numbers are written with other digits. */
  @Test
  void signalThatWasPostedInAnotherLocaleComesBack() {
    Signal approval = signal("d-1", Signal.Kind.APPROVE, "2026-11-21T09:00:00Z");
    Locale before = Locale.getDefault();
    Locale.setDefault(Locale.forLanguageTag("ar-EG"));
    try {
      store.post(approval);
    } finally {
      Locale.setDefault(before);
    }

    assertThat(store.signals("d-1")).containsExactly(approval);
  }

  @Test
  void forgettingRemovesSignalsOfOneDeploymentOnly() {
    Signal other = signal("d-2", Signal.Kind.ABORT, "2026-11-21T09:00:00Z");
    store.post(signal("d-1", Signal.Kind.ABORT, "2026-11-21T09:00:00Z"));
    store.post(other);
    store.forget("d-1");
    store.forget("d-1");

    assertThat(store.signals("d-1")).isEmpty();
    assertThat(store.signals("d-2")).containsExactly(other);
    assertThat(signalFiles()).hasSize(1);
  }

  @Test
  void fileThatIsNoSignalIsReportedOnceAndIgnored() throws IOException {
    Signal good = signal("d-1", Signal.Kind.ABORT, "2026-11-21T09:00:00Z");
    store.post(good);
    List<String> senseless =
        List.of(
            "",
            "{",
            "[]",
            json("d-1", "EXPLODE", "alice", "2026-11-21T09:00:00Z"),
            json("d-1", "ABORT", " ", "2026-11-21T09:00:00Z"),
            json("d-1", "ABORT", "alice", "yesterday"),
            json("d-\\u0000", "ABORT", "alice", "2026-11-21T09:00:00Z"),
            json("d".repeat(201), "ABORT", "alice", "2026-11-21T09:00:00Z"),
            " ".repeat(20_000) + json("d-1", "ABORT", "alice", "2026-11-21T09:00:00Z"));
    for (int i = 0; i < senseless.size(); i++) {
      Files.writeString(signalFile(i), senseless.get(i));
    }
    Files.createDirectory(signalFile(100));
    Files.createSymbolicLink(signalFile(101), directory.resolve("elsewhere"));
    Files.writeString(directory.resolve("signals").resolve("READ\u001bME"), "hello");

    assertThat(store.signals("d-1")).containsExactly(good);
    Logger log = Mockito.mock(Logger.class);
    SignalFiles files =
        new SignalFiles(new GroupDirectory(directory, StoreEnvironment.real()), log);
    assertThat(files.of("d-1")).containsExactly(good);
    assertThat(files.of("d-1")).containsExactly(good);
    ArgumentCaptor<Object> said = ArgumentCaptor.captor();
    Mockito.verify(log, Mockito.times(senseless.size() + 3))
        .warn(Mockito.contains("is ignored"), said.capture(), said.capture(), said.capture());
    assertThat(said.getAllValues())
        .contains("READ ME")
        .noneSatisfy(part -> assertThat(part.toString()).contains("\u001b"));
    store.post(good);
    store.forget("d-1");
    assertThat(store.signals("d-1")).isEmpty();
  }

  @Test
  void textInASignalFileIsCleanedAndBounded() throws IOException {
    store.post(signal("d-1", Signal.Kind.ABORT, "2026-11-21T09:00:00Z"));
    Files.writeString(
        signalFile(7),
        json("d-1", "ABORT", "al\\u001bice" + "x".repeat(1_000), "2026-11-21T09:00:00Z"));
    assertThat(store.signals("d-1"))
        .last()
        .satisfies(signal -> assertThat(signal.by()).startsWith("al ice").hasSize(500));
  }

  @Test
  void tooManySignalsAreRefusedAndThoseThatAreThereCanBeReadAndForgotten() throws IOException {
    store.post(signal("d-1", Signal.Kind.ABORT, "2026-11-21T09:00:00Z"));
    for (int i = 1; i < FileStateStore.MOST_SIGNALS; i++) {
      Files.writeString(
          signalFile(i + 1), json("d-1", "APPROVE", "script", "2026-11-21T09:00:00Z"));
    }
    assertThatThrownBy(() -> store.post(signal("d-1", Signal.Kind.ABORT, "2026-11-21T09:00:00Z")))
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("has 1000 signals already")
        .hasMessageContaining("delete those of deployments that have ended");
    assertThat(store.signals("d-1")).hasSize(1_000);
    store.forget("d-1");
    assertThat(signalFiles()).isEmpty();
    store.post(signal("d-1", Signal.Kind.ABORT, "2026-11-21T09:00:00Z"));

    for (int i = 0; i < 2_001; i++) {
      Files.createFile(directory.resolve("signals").resolve("garbage" + i));
    }
    assertThatThrownBy(() -> store.signals("d-1"))
        .isInstanceOf(StoreException.class)
        .hasMessageContaining(directory.resolve("signals") + " has more than 2000 files");
  }

  @Test
  void signalForADeploymentWithoutAReadableIdIsRefused() {
    for (String id : List.of("", " ", "d\n1", "d".repeat(201))) {
      assertThatThrownBy(() -> store.post(signal(id, Signal.Kind.ABORT, "2026-11-21T09:00:00Z")))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageStartingWith("deploymentId: ");
    }
    assertThat(signalFiles()).isEmpty();
  }

  @Test
  void signalsNeedNoLeaseAndArriveWhileSomebodyAcquiresAndCleansUp() throws Exception {
    AtomicBoolean done = new AtomicBoolean();
    List<Throwable> wrong = Collections.synchronizedList(new ArrayList<>());
    Thread acquiring =
        new Thread(
            () -> {
              try (FileStateStore other = FileStateStore.in(directory)) {
                while (!done.get()) {
                  ((Lease) other.acquire(owner("d-1"))).close();
                }
              } catch (Throwable e) {
                wrong.add(e);
              }
            });
    acquiring.start();
    try {
      for (int i = 0; i < 80; i++) {
        store.post(signal("d-1", Signal.Kind.APPROVE, "2026-11-21T09:00:00Z"));
      }
    } finally {
      done.set(true);
      acquiring.join();
    }
    assertThat(wrong).isEmpty();
    assertThat(store.signals("d-1")).hasSize(80);
  }

  @Test
  void interruptedThreadPostsAndReads() {
    Signal abort = signal("d-1", Signal.Kind.ABORT, "2026-11-21T09:00:00Z");
    Thread.currentThread().interrupt();
    store.post(abort);
    assertThat(store.signals("d-1")).containsExactly(abort);
    assertThat(Thread.interrupted()).isTrue();
  }

  private List<String> signalFiles() {
    return List.of(directory.resolve("signals").toFile().list());
  }

  private Path signalFile(int number) {
    return directory.resolve("signals").resolve("%010d-00000000000000aa.json".formatted(number));
  }

  private static Signal signal(String deploymentId, Signal.Kind kind, String at) {
    return new Signal(deploymentId, kind, "alice", "because", Instant.parse(at));
  }

  private static String json(String deploymentId, String kind, String by, String at) {
    return """
    {"deploymentId":"%s","kind":"%s","by":"%s","why":"","at":"%s"}\
    """
        .formatted(deploymentId, kind, by, at);
  }
}
