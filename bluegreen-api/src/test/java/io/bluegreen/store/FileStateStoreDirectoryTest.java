package io.bluegreen.store;

import static io.bluegreen.store.OtherJvm.owner;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bluegreen.Signal;
import io.bluegreen.StateCorruptException;
import io.bluegreen.StateStore.Lease;
import io.bluegreen.StoreException;
import io.bluegreen.TimeSource;
import java.io.IOException;
import java.net.URI;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which directories and files a store uses, and which it refuses. */
class FileStateStoreDirectoryTest {
  private static final Signal SIGNAL =
      new Signal("d-1", Signal.Kind.ABORT, "alice", "", Instant.EPOCH);

  /** Everything that a store can be asked, apart from what needs a lease first. */
  private static final Map<String, Consumer<FileStateStore>> ASKED =
      Map.of(
          "acquire", store -> store.acquire(owner("d-1")),
          "holder", FileStateStore::holder,
          "load", FileStateStore::load,
          "post", store -> store.post(SIGNAL),
          "signals", store -> store.signals("d-1"),
          "forget", store -> store.forget("d-1"));

  @TempDir private Path parent;
  private Path directory;
  private FileStateStore store;

  @BeforeEach
  void open() {
    directory = parent.resolve("some").resolve("shop");
    store = FileStateStore.in(directory);
  }

  @AfterEach
  void close() {
    store.close();
  }

  @Test
  void directoryThatCantBeMadeIsNamedAndNothingIsLeft() {
    Path impossible = Path.of("/proc/bluegreen/shop");
    try (FileStateStore nowhere = FileStateStore.in(impossible)) {
      assertThatThrownBy(() -> nowhere.acquire(owner("d-1")))
          .isInstanceOf(StoreException.class)
          .hasMessageContaining("The lease can't be acquired: " + impossible);
      assertThatThrownBy(() -> nowhere.post(SIGNAL)).isInstanceOf(StoreException.class);
      assertThat(nowhere.load()).isEmpty();
    }
  }

  @Test
  void directoryThatCantBeWrittenIsNamed() {
    // Nobody can make a file there, not even root; and it belongs to the user that runs this.
    Path readOnly = Path.of("/proc/self/task");
    try (FileStateStore nowhere = FileStateStore.in(readOnly)) {
      assertThatThrownBy(() -> nowhere.acquire(owner("d-1")))
          .isInstanceOf(StoreException.class)
          .hasMessageContaining(readOnly.toString());
    }
  }

  @Test
  void fileInPlaceOfTheDirectoryOrOfItsParentIsNamed() throws IOException {
    Path file = Files.writeString(parent.resolve("file"), "theirs");
    for (Path wrong : List.of(file, file.resolve("shop"))) {
      try (FileStateStore nowhere = FileStateStore.in(wrong)) {
        assertRefusedByAll(nowhere, wrong.toString());
      }
    }
    assertThat(file).hasContent("theirs");
  }

  @Test
  void linkInPlaceOfTheDirectoryIsNotFollowed() throws IOException {
    Path target = Files.createDirectory(parent.resolve("target"));
    Path link = Files.createSymbolicLink(parent.resolve("link"), target);
    try (FileStateStore nowhere = FileStateStore.in(link)) {
      assertRefusedByAll(nowhere, link + " is a link");
    }
    assertThat(target).isEmptyDirectory();
  }

  @Test
  void directoryThatOthersCanWriteIsRefusedAndLeftAsItIs() throws IOException {
    Files.createDirectories(directory);
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxrwx---"));
    assertRefusedByAll(store, "chmod go-w " + directory);
    assertThat(directory).isEmptyDirectory();

    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx------"));
    Lease lease = acquire();
    Files.setPosixFilePermissions(
        directory.resolve("signals"), PosixFilePermissions.fromString("rwxrwxrwx"));
    assertThatThrownBy(() -> store.post(SIGNAL))
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("chmod go-w " + directory.resolve("signals"));
    assertThatThrownBy(() -> store.signals("d-1")).isInstanceOf(StoreException.class);
    assertThat(lease.held()).isTrue();
  }

  @Test
  void directoryAboveThatOthersCanMoveIsWarnedOf() throws IOException {
    assertThat(store.warnings()).noneMatch(warning -> warning.contains(parent.toString()));
    Files.setPosixFilePermissions(parent, PosixFilePermissions.fromString("rwxrwxrwx"));
    assertThat(store.warnings())
        .anyMatch(w -> w.contains(parent + " can be written by all users") && w.contains("chmod"));
    acquire().close();
  }

  @Test
  void directoryOfAnotherUserIsRefused() throws IOException {
    acquire().close();
    StoreEnvironment real = StoreEnvironment.real();
    try (FileStateStore other =
        storeIn(
            new StoreEnvironment(
                real.user() + 1, real.machine(), real.fileSystems(), TimeSource.system()))) {
      assertRefusedByAll(
          other, "belongs to the user with id " + real.user() + ", but this process runs as");
    }
  }

  @Test
  void lockFileThatIsNoFileOfOursIsRefusedAndLeft() throws IOException {
    Files.createDirectories(directory);
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx------"));
    Path lock = directory.resolve("lock");
    Path elsewhere = Files.writeString(parent.resolve("elsewhere"), "theirs");
    Files.createSymbolicLink(lock, elsewhere);
    assertThatThrownBy(this::acquire)
        .isInstanceOf(StoreException.class)
        .hasMessageContaining(lock + " is a link");
    assertThatThrownBy(store::holder).isInstanceOf(StoreException.class);
    Files.delete(lock);
    Files.createDirectory(lock);
    assertThatThrownBy(this::acquire)
        .isInstanceOf(StoreException.class)
        .hasMessageContaining(lock + " is no plain file");
    assertThat(lock).isDirectory();
    Files.delete(lock);
    assertThat(acquire().held()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"nfs", "nfs4", "cifs", "smb3", "fuse.sshfs", "fuse.glusterfs", "9p", "virtiofs"})
  void networkFileSystemIsRefusedByItsName(String type) {
    try (FileStateStore remote = storeIn(environment(type, MachineId.here()))) {
      assertThatThrownBy(() -> remote.acquire(owner("d-1")))
          .isInstanceOf(StoreException.class)
          .hasMessageContaining("of type " + type)
          .hasMessageContaining("give a directory on a local disk");
      assertThat(parent).isEmptyDirectory();
      acquire().close();
      assertRefusedByAll(remote, "of type " + type);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"ext4", "xfs", "btrfs", "zfs", "overlay", "tmpfs", "fuseblk", "apfs"})
  void localFileSystemIsUsed(String type) {
    try (FileStateStore local = storeIn(environment(type, MachineId.here()))) {
      assertThat(local.acquire(owner("d-1"))).isInstanceOf(Lease.class);
    }
  }

  @Test
  void stateOfAnotherMachineIsRefusedUntilItIsMadeOurs() throws IOException {
    MachineId theirs = MachineId.of("0123456789abcdef0123456789abcdef", "web7");
    try (FileStateStore there = storeIn(environment("ext4", theirs))) {
      there.acquire(owner("d-1"));
    }
    assertThat(directory.resolve("machine")).content().contains("web7").doesNotContain("012345678");

    assertThatThrownBy(this::acquire)
        .isInstanceOf(StateCorruptException.class)
        .hasMessageContaining(directory + " is the state of another machine (web7)")
        .hasMessageContaining("delete " + directory.resolve("machine"));
    assertRefusedByAll(store, "another machine (web7)");

    Files.delete(directory.resolve("machine"));
    acquire().close();
    try (FileStateStore there = storeIn(environment("ext4", theirs))) {
      assertRefusedByAll(there, "is the state of another machine");
    }
  }

  @Test
  void machineFileThatMakesNoSenseIsRefused() throws IOException {
    acquire().close();
    for (String senseless : List.of("", "{}", "[1]", "{\"id\":\"../x\",\"host\":\"a\"}")) {
      Files.writeString(directory.resolve("machine"), senseless);
      assertThatThrownBy(store::load)
          .isInstanceOf(StateCorruptException.class)
          .hasMessageContaining(directory.resolve("machine") + " does not name a machine");
    }
  }

  @Test
  void directoryInAnArchiveIsRefused() throws IOException {
    URI zip = URI.create("jar:" + parent.resolve("state.zip").toUri());
    try (FileSystem archive = FileSystems.newFileSystem(zip, Map.of("create", "true"))) {
      assertThatThrownBy(() -> FileStateStore.in(archive.getPath("/shop")))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageStartingWith("directory: ");
    }
  }

  private static void assertRefusedByAll(FileStateStore store, String message) {
    ASKED.forEach(
        (name, question) ->
            assertThatThrownBy(() -> question.accept(store))
                .as(name)
                .isInstanceOf(StoreException.class)
                .hasMessageContaining(message));
  }

  private Lease acquire() {
    return (Lease) store.acquire(owner("d-1"));
  }

  private FileStateStore storeIn(StoreEnvironment environment) {
    return FileStateStore.in(directory, environment);
  }

  private static StoreEnvironment environment(String type, MachineId machine) {
    return new StoreEnvironment(
        StoreEnvironment.real().user(), machine, path -> type, TimeSource.system());
  }
}
