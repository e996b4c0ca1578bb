package io.bluegreen.store;

import static io.bluegreen.store.OtherJvm.owner;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bluegreen.Signal;
import io.bluegreen.StateCorruptException;
import io.bluegreen.StateStore.HeldBy;
import io.bluegreen.StateStore.Lease;
import io.bluegreen.StoreException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileStateStoreFilesTest {
  private static final Signal SIGNAL =
      new Signal("d-1", Signal.Kind.ABORT, "alice", "", Instant.EPOCH);

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
  void missingDirectoryIsEmptyAndAskingDoesNotMakeIt() {
    assertThat(store.load()).isEmpty();
    assertThat(store.holder()).isEmpty();
    assertThat(store.signals("d-1")).isEmpty();
    store.forget("d-1");
    assertThat(parent).isEmptyDirectory();
  }

  @Test
  void filesOfTheStoreAreForItsUserOnly() throws IOException {
    Lease lease = acquire();
    store.save("one".getBytes(UTF_8), lease);
    store.post(SIGNAL);
    try (Stream<Path> all = Files.walk(parent.resolve("some"))) {
      assertThat(all)
          .hasSize(8)
          .allSatisfy(
              path ->
                  assertThat(permissions(path))
                      .isEqualTo(Files.isDirectory(path) ? "rwx------" : "rw-------"));
    }
  }

  @Test
  void documentIsKeptByteForByteAndIsThereForTheNextProcess() throws Exception {
    byte[] bytes = new byte[256 * 1024];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) i;
    }
    try (Lease lease = acquire()) {
      assertThat(store.load()).isEmpty();
      store.save(bytes, lease);
    }
    try (FileStateStore next = FileStateStore.in(directory)) {
      assertThat(next.load()).contains(bytes);
    }
  }

  @Test
  void documentThatIsTooLargeIsNotSaved() {
    Lease lease = acquire();
    store.save("one".getBytes(UTF_8), lease);
    byte[] large = new byte[FileStateStore.MOST_BYTES + 1];
    assertThatThrownBy(() -> store.save(large, lease))
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("expected at most 16777216");
    assertThat(store.load()).contains("one".getBytes(UTF_8));
  }

  @Test
  void documentThatCantBeOursIsNamedWithItsRemedyAndLeft() throws IOException {
    Lease lease = acquire();
    Path state = directory.resolve("state.json");

    Files.createDirectory(state);
    assertCorrupt(state + " is no plain file");
    assertThatThrownBy(() -> store.save("one".getBytes(UTF_8), lease))
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("is a directory");
    assertThat(state).isDirectory();
    Files.delete(state);

    Path elsewhere = Files.writeString(parent.resolve("elsewhere"), "theirs");
    Files.createSymbolicLink(state, elsewhere);
    assertCorrupt(state + " is a link");
    store.save("one".getBytes(UTF_8), lease);
    assertThat(elsewhere).hasContent("theirs");
    assertThat(store.load()).contains("one".getBytes(UTF_8));

    Files.setPosixFilePermissions(state, PosixFilePermissions.fromString("rw-rw----"));
    assertCorrupt("chmod go-w " + state);
    Files.setPosixFilePermissions(state, PosixFilePermissions.fromString("rw-r--r--"));
    assertThat(store.load()).isPresent();

    try (RandomAccessFile file = new RandomAccessFile(state.toFile(), "rw")) {
      file.setLength(FileStateStore.MOST_BYTES + 1L);
    }
    assertCorrupt("has 16777217 bytes, expected at most 16777216");
  }

  @Test
  void fullDiskFailsASaveAndLeavesTheFormerDocumentAndNothingElse() throws Exception {
    try (OtherJvm small = OtherJvm.withSmallFilesOn(directory)) {
      assertThat(small.ask("acquire d-1")).isEqualTo("lease");
      assertThat(small.ask("save x 1000")).isEqualTo("saved");
      assertThat(small.ask("save y 4000000"))
          .startsWith("StoreException: The document was not saved")
          .contains(directory.toString(), "File too large");
      assertThat(small.ask("held")).isEqualTo("true");
      assertThat(store.load()).contains("x".repeat(1000).getBytes(UTF_8));
      assertThat(names()).containsExactly("lock", "machine", "owner.json", "signals", "state.json");
      assertThat(small.ask("save z 1000")).isEqualTo("saved");
    }
  }

  @Test
  void ownerFileThatCantBeWrittenKeepsNobodyFromTheLease() throws Exception {
    acquire().close();
    Path ownerFile = directory.resolve("owner.json");
    Files.delete(ownerFile);
    Files.createDirectory(ownerFile);

    Lease lease = acquire();
    assertThat(lease.held()).isTrue();
    try (OtherJvm other = OtherJvm.on(directory)) {
      assertThat(other.ask("acquire d-2")).isEqualTo("held by unknown pid 0");
    }
  }

  /** Anyone who can read it could take a shared lock, and keep everybody from the lease. */
  @Test
  void lockFileThatOthersCouldReadIsNarrowed() throws IOException {
    acquire().close();
    Path lock = directory.resolve("lock");
    Files.setPosixFilePermissions(lock, PosixFilePermissions.fromString("rw-r--r--"));
    acquire().close();
    assertThat(permissions(lock)).isEqualTo("rw-------");
  }

  @Test
  void leftoversOfAKillAreRemovedAtTheNextAcquisitionAndNothingElseIs() throws IOException {
    acquire().close();
    Path copy = Files.createFile(directory.resolve(".state.json.00ab00ab00ab00ab.tmp"));
    Path signal =
        Files.createFile(
            directory.resolve("signals").resolve(".0000000001-0.json.00ab00ab00ab00ab.tmp"));
    Path theirs = Files.createFile(directory.resolve(".backup.tmp"));
    store.holder();
    store.load();
    assertThat(copy).exists();

    acquire();

    assertThat(copy).doesNotExist();
    assertThat(signal).doesNotExist();
    assertThat(theirs).exists();
  }

  @Test
  void loserRemovesNothing() throws Exception {
    try (OtherJvm other = OtherJvm.on(directory)) {
      assertThat(other.ask("acquire d-1")).isEqualTo("lease");
      Path copy = Files.createFile(directory.resolve(".state.json.00ab00ab00ab00ab.tmp"));
      assertThat(store.acquire(owner("d-2"))).isInstanceOf(HeldBy.class);
      assertThat(copy).exists();
    }
  }

  private void assertCorrupt(String message) {
    assertThatThrownBy(store::load)
        .isInstanceOf(StateCorruptException.class)
        .hasMessageContaining(message)
        .hasMessageContaining("put back a copy that you trust");
  }

  private Lease acquire() {
    return (Lease) store.acquire(owner("d-1"));
  }

  private List<String> names() {
    return Stream.of(directory.toFile().list()).sorted().toList();
  }

  private static String permissions(Path path) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }
}
