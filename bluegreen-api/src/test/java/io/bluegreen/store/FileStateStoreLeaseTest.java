package io.bluegreen.store;

import static io.bluegreen.store.OtherJvm.owner;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bluegreen.LeaseOwner;
import io.bluegreen.StateStore;
import io.bluegreen.StateStore.HeldBy;
import io.bluegreen.StateStore.Lease;
import io.bluegreen.StoreException;
import java.io.File;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileStateStoreLeaseTest {
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
  void secondStoreInThisJvmIsToldTheHolderAndTheLockStays() throws Exception {
    Lease lease = acquire(store, "d-1");
    try (FileStateStore second = FileStateStore.in(directory)) {
      assertThat(second.acquire(owner("d-2"))).isEqualTo(new HeldBy(owner("d-1")));
      assertThat(second.holder()).contains(owner("d-1"));
      assertThat(store.acquire(owner("d-3"))).isEqualTo(new HeldBy(owner("d-1")));

      Path ownerFile = directory.resolve("owner.json");
      Files.move(ownerFile, parent.resolve("aside"));
      assertThat(second.holder()).contains(owner("d-1"));
      Files.move(parent.resolve("aside"), ownerFile);
    }
    try (OtherJvm other = OtherJvm.on(directory)) {
      // Had one of these opened and closed the lock file, the other JVM would get the lock.
      assertThat(other.ask("acquire d-4"))
          .isEqualTo("held by d-1 pid " + ProcessHandle.current().pid());
      assertThat(lease.held()).isTrue();
    }
  }

  @Test
  void storeThatReachesTheDirectoryByAnotherPathIsToldToo() throws Exception {
    Lease lease = acquire(store, "d-1");
    Path link = Files.createSymbolicLink(parent.resolve("link"), parent);
    try (FileStateStore second = FileStateStore.in(link.resolve("shop"));
        OtherJvm other = OtherJvm.on(directory)) {
      assertThat(second.acquire(owner("d-2"))).isEqualTo(new HeldBy(owner("d-1")));
      assertThat(other.ask("acquire d-3")).startsWith("held by d-1");
      assertThat(lease.held()).isTrue();
    }
  }

  @Test
  void secondCopyOfTheLibraryInThisJvmDoesNotTakeTheLockAway() throws Exception {
    Lease lease = acquire(store, "d-1");
    try (URLClassLoader loader =
            new URLClassLoader(classPath(), ClassLoader.getPlatformClassLoader());
        OtherJvm other = OtherJvm.on(directory)) {
      Class<?> copy = loader.loadClass(FileStateStore.class.getName());
      assertThat(copy).isNotEqualTo(FileStateStore.class);
      Object second = copy.getMethod("in", Path.class).invoke(null, directory);
      Class<?> ownerCopy = loader.loadClass(LeaseOwner.class.getName());
      Object owner =
          ownerCopy
              .getConstructor(String.class, String.class, long.class, String.class, Instant.class)
              .newInstance("shop", "d-2", 1L, "web1", Instant.EPOCH);

      for (int i = 0; i < 3; i++) {
        Object answer = copy.getMethod("acquire", ownerCopy).invoke(second, owner);
        assertThat(answer.toString()).startsWith("HeldBy").contains("d-1");
        assertThat(copy.getMethod("holder").invoke(second).toString()).contains("d-1");
      }
      copy.getMethod("close").invoke(second);
      assertThat(other.ask("acquire d-3")).startsWith("held by d-1");

      lease.close();
      Object answer = copy.getMethod("acquire", ownerCopy).invoke(second, owner);
      assertThat(answer.toString()).doesNotStartWith("HeldBy");
      assertThat(other.ask("acquire d-3")).startsWith("held by d-2");
      assertThat(store.acquire(owner("d-4")).toString()).startsWith("HeldBy").contains("d-2");
      copy.getMethod("close").invoke(second);
      assertThat(other.ask("acquire d-3")).isEqualTo("lease");
    }
  }

  @Test
  void holderIsKnownByTheLockAndNotByAPid() throws Exception {
    // The pid of a living process, but no lock.
    acquire(store, "d-1").close();
    Files.writeString(directory.resolve("owner.json"), json(ProcessHandle.current().pid()));
    assertThat(store.holder()).isEmpty();

    // A pid that is nobody's here, as one of another PID namespace; and the lock.
    try (OtherJvm other = OtherJvm.on(directory)) {
      assertThat(other.ask("acquire d-2")).isEqualTo("lease");
      Files.writeString(directory.resolve("owner.json"), json(Integer.MAX_VALUE));
      assertThat(store.holder()).map(LeaseOwner::pid).contains((long) Integer.MAX_VALUE);
      assertThat(store.acquire(owner("d-3")))
          .isInstanceOfSatisfying(
              HeldBy.class,
              heldBy -> assertThat(heldBy.owner().pid()).isEqualTo(Integer.MAX_VALUE));
    }
  }

  @Test
  void ownerFileThatMakesNoSenseMakesAnUnknownHolder() throws Exception {
    List<String> senseless =
        List.of(
            "",
            "{",
            "[]",
            json(0),
            json(7).replace("shop", "sh\\u0007op"),
            json(7).replace("web1", "w".repeat(300)),
            json(7).replace("2026-", "now"),
            json(7) + json(7),
            json(7).replace("}", ",\"pid\":8}"),
            " ".repeat(5_000) + json(7));
    try (OtherJvm other = OtherJvm.on(directory)) {
      assertThat(other.ask("acquire d-1")).isEqualTo("lease");
      for (String content : senseless) {
        Files.writeString(directory.resolve("owner.json"), content);
        assertThat(store.holder()).as(content).contains(OwnerFile.UNKNOWN);
      }
      Files.delete(directory.resolve("owner.json"));
      Files.createSymbolicLink(directory.resolve("owner.json"), parent.resolve("passwd"));
      assertThat(store.holder()).contains(OwnerFile.UNKNOWN);
      Files.delete(directory.resolve("owner.json"));
      assertThat(store.acquire(owner("d-2"))).isEqualTo(new HeldBy(OwnerFile.UNKNOWN));
    }
  }

  @Test
  void lockFileThatWasReplacedOrRemovedEndsTheLeaseAndNothingIsSavedByIt() throws Exception {
    Lease lease = acquire(store, "d-1");
    store.save("one".getBytes(UTF_8), lease);
    Path lock = directory.resolve("lock");

    Files.move(lock, directory.resolve("aside"));
    assertThat(lease.held()).isFalse();
    assertLost(lease);
    Files.createFile(lock);
    assertThat(lease.held()).isFalse();
    assertLost(lease);

    // Back in its place it is the very file that is locked.
    Files.move(directory.resolve("aside"), lock, StandardCopyOption.ATOMIC_MOVE);
    assertThat(lease.held()).isTrue();
    Files.delete(lock);
    Files.createSymbolicLink(lock, parent.resolve("elsewhere"));
    assertThat(lease.held()).isFalse();
    assertLost(lease);
    Files.delete(lock);

    // The next one gets it, and the end of the lost lease neither ends nor hides that.
    try (OtherJvm other = OtherJvm.on(directory)) {
      assertThat(other.ask("acquire d-2")).isEqualTo("lease");
      lease.close();
      assertThat(other.ask("held")).isEqualTo("true");
      assertThat(store.holder()).map(LeaseOwner::deploymentId).contains("d-2");
    }
    assertThat(store.load()).contains("one".getBytes(UTF_8));
  }

  @Test
  void directoryThatWasReplacedEndsTheLease() throws Exception {
    Lease lease = acquire(store, "d-1");
    Files.move(directory, parent.resolve("aside"));
    assertThat(lease.held()).isFalse();
    try (FileStateStore second = FileStateStore.in(directory)) {
      Lease next = acquire(second, "d-2");
      assertThat(next.held()).isTrue();
      assertLost(lease);
      lease.close();
      assertThat(next.held()).isTrue();
      assertThat(second.holder()).contains(owner("d-2"));
    }
  }

  @Test
  void closedLeaseSavesNothingAndClosingItAgainHarmsNobody() {
    Lease first = acquire(store, "d-1");
    first.close();
    Lease second = acquire(store, "d-2");
    first.close();

    assertThat(first.held()).isFalse();
    assertLost(first);
    assertThat(second.held()).isTrue();
    assertThat(store.holder()).contains(owner("d-2"));
    store.close();
    assertThat(second.held()).isFalse();
    assertThat(store.holder()).isEmpty();
  }

  @Test
  void leaseOnAnotherDirectorySavesNothingHere() {
    try (FileStateStore elsewhere = FileStateStore.in(parent.resolve("other"))) {
      assertThatThrownBy(() -> store.save(new byte[1], acquire(elsewhere, "d-1")))
          .isInstanceOf(StoreException.class)
          .hasMessageContaining("the lease is none on " + directory);
    }
    assertThat(store.load()).isEmpty();
  }

  @Test
  void interruptedThreadAcquiresSavesAndKeepsItsLease() throws Exception {
    try (OtherJvm other = OtherJvm.on(directory)) {
      Thread.currentThread().interrupt();
      Lease lease = acquire(store, "d-1");
      store.save("one".getBytes(UTF_8), lease);
      assertThat(store.load()).contains("one".getBytes(UTF_8));
      assertThat(store.holder()).contains(owner("d-1"));
      assertThat(lease.held()).isTrue();
      assertThat(Thread.interrupted()).isTrue();

      assertThat(other.ask("acquire d-2")).startsWith("held by d-1");
      Thread.currentThread().interrupt();
      lease.close();
      assertThat(Thread.interrupted()).isTrue();
      assertThat(other.ask("acquire d-2")).isEqualTo("lease");
    }
  }

  private static void assertLostBy(FileStateStore store, Lease lease) {
    assertThatThrownBy(() -> store.save("two".getBytes(UTF_8), lease))
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("is not held")
        .hasMessageContaining("nothing was changed");
  }

  private void assertLost(Lease lease) {
    assertLostBy(store, lease);
  }

  private static Lease acquire(StateStore store, String deploymentId) {
    return (Lease) store.acquire(owner(deploymentId));
  }

  private static String json(long pid) {
    return """
    {"group":"shop","deploymentId":"d-9","pid":%d,"host":"web1","since":"2026-11-21T10:15:30Z"}\
    """
        .formatted(pid);
  }

  private static URL[] classPath() throws MalformedURLException {
    List<URL> urls = new ArrayList<>();
    for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
      urls.add(Path.of(entry).toUri().toURL());
    }
    return urls.toArray(URL[]::new);
  }
}
