package io.bluegreen.support;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.security.auth.module.UnixSystem;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.GroupPrincipal;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who may open the file of a lock, and so keep everybody from what it protects. */
class LockFileTest {
  private static final long SELF = new UnixSystem().getUid();
  private static final String SHARED_LOCK =
      "import fcntl,sys;f=open(sys.argv[1],'r');fcntl.lockf(f,fcntl.LOCK_SH);"
          + "print('locked',flush=True);sys.stdin.read()";

  @TempDir private Path temp;
  private Path directory;
  private Path file;

  @BeforeEach
  void openTheWayThere() throws IOException {
    permit(temp, "rwxr-xr-x");
    directory = Files.createDirectory(temp.resolve("resource"));
    permit(directory, "rwxr-xr-x");
    file = directory.resolve(".lock");
  }

  @Test
  void anotherUserCanNeitherReadNorWriteWhatIsLocked() throws Exception {
    take().close();
    assertThat(mode()).isEqualTo("rw-------");
    assertThat(saidByAnother(SHARED_LOCK)).contains("Permission denied");
    assertThat(saidByAnother(SHARED_LOCK.replace("'r'", "'a'").replace("_SH", "_EX")))
        .contains("Permission denied");
    take().close();
  }

  @Test
  void fileOfOursThatOthersCouldOpenIsNarrowed() throws IOException {
    for (String wider : List.of("rw-r--r--", "rw-rw-rw-")) {
      Files.deleteIfExists(file);
      Files.createFile(file);
      permit(file, wider);
      take().close();
      assertThat(mode()).as("was " + wider).isEqualTo("rw-------");
    }
  }

  @Test
  void groupThatMayWriteTheDirectoryMayLockToo() throws IOException {
    Files.getFileAttributeView(directory, PosixFileAttributeView.class).setGroup(another());
    permit(directory, "rwxrwxr-x");
    take().close();
    assertThat(mode()).isEqualTo("rw-rw----");
    assertThat(group(file)).isEqualTo(group(directory));

    permit(file, "rw-rw-r--");
    take().close();
    assertThat(mode()).as("others never").isEqualTo("rw-rw----");

    permit(directory, "rwxr-xr-x");
    take().close();
    assertThat(mode()).as("the group may not write any more").isEqualTo("rw-------");
  }

  @Test
  void fileOfAnotherUserThatAllMayOpenIsToldWithARemedyThatHelps() throws IOException {
    assertThat(ResourceLock.exposure(file)).as("there is none yet").isEmpty();
    Files.createFile(file);
    permit(file, "rw-r--r--");
    assertThat(ResourceLock.exposure(file)).as("ours is narrowed when it is taken").isEmpty();

    LockFile seenByAnother = new LockFile(file);
    assertThat(seenByAnother.exposed(SELF + 1))
        .hasValueSatisfying(
            what -> assertThat(what).contains("all users", file.toString(), "rw-r--r--"));
    Files.delete(file);
    take().close();
    assertThat(seenByAnother.exposed(SELF + 1)).isEmpty();
  }

  @Test
  void lockThatIsHeldIsWaitedForAsLongAsItsTakerWants() throws Exception {
    take().close();
    Process holder = start(List.of(), SHARED_LOCK);
    AtomicInteger asked = new AtomicInteger();
    try {
      assertThat(holder.inputReader().readLine()).isEqualTo("locked");
      assertThatThrownBy(
              () -> ResourceLock.take(file, "this thing", () -> asked.incrementAndGet() < 3))
          .hasMessageContaining("somebody else is switching this thing now")
          .hasMessageContaining("is locked by process " + holder.pid())
          .hasMessageContaining("python3")
          .hasMessageContaining(System.getProperty("user.name"));
      assertThat(asked).hasValue(3);

      ResourceLock.take(file, "this thing", () -> ends(holder)).close();
    } finally {
      holder.destroyForcibly().waitFor();
    }
  }

  /** The table of all locks of the machine is as long as any of its users wants. */
  @Test
  void tableOfLocksWithoutEndNamesNobodyAndTakesNoMemory() {
    assertThat(LockHolder.of(directory, Path.of("/dev/zero"))).isEmpty();
  }

  @Test
  void holderInThisProcessIsWaitedForAndNamed() throws IOException {
    ResourceLock first = take();
    assertThatThrownBy(this::take).hasMessageContaining("is locked by this process");
    ResourceLock.take(
            file,
            "this thing",
            () -> {
              first.close();
              return true;
            })
        .close();
  }

  private static boolean ends(Process process) {
    process.destroyForcibly().onExit().join();
    return true;
  }

  private ResourceLock take() throws IOException {
    return ResourceLock.take(file, "this thing");
  }

  /**
   * Root may be somebody else, who tries it. Nobody else may; there the file is opened as its mode
   * lets others, by its owner.
   */
  private String saidByAnother(String program) throws Exception {
    Process process;
    if (SELF == 0) {
      process =
          start(
              List.of("setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups"),
              program);
    } else {
      String owners = mode();
      String others = owners.substring(6);
      permit(file, others + "------");
      process = start(List.of(), program);
      process.waitFor();
      permit(file, owners);
    }
    process.getOutputStream().close();
    return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
  }

  private Process start(List<String> before, String program) throws IOException {
    List<String> argv = new ArrayList<>(before);
    argv.addAll(List.of("python3", "-c", program, file.toString()));
    return new ProcessBuilder(argv).redirectErrorStream(true).start();
  }

  /** Root may give a file to any group, others only to one of theirs. */
  private GroupPrincipal another() throws IOException {
    return SELF == 0
        ? directory
            .getFileSystem()
            .getUserPrincipalLookupService()
            .lookupPrincipalByGroupName("nogroup")
        : Files.getFileAttributeView(directory, PosixFileAttributeView.class)
            .readAttributes()
            .group();
  }

  private static Object group(Path path) throws IOException {
    return Files.getFileAttributeView(path, PosixFileAttributeView.class).readAttributes().group();
  }

  private String mode() throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
  }

  private static void permit(Path path, String permissions) throws IOException {
    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(permissions));
  }
}
