package io.bluegreen.support;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.security.auth.module.UnixSystem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which directories above our files let others move those away. */
class FileExposureTest {
  private static final long SELF = new UnixSystem().getUid();

  @TempDir private Path temp;
  private Path directory;
  private Path file;

  @BeforeEach
  void makeDirectory() throws IOException {
    directory = FileMode.PRIVATE.createDirectories(temp.resolve("a/b"));
    file = directory.resolve("c/state.json");
  }

  @Test
  void directoriesThatOnlyWeOrRootCanWriteAreSafeAndSoAreStickyOnes() throws IOException {
    assertThat(ours()).isEmpty();
    permit("rwxrwxrwx");
    sticky(directory);
    assertThat(ours()).isEmpty();
  }

  @Test
  void directoryThatAllMayWriteIsToldByEachNameWithARemedyThatHelps() throws Exception {
    permit("rwxrwxrwx");
    assertThat(ours())
        .contains(directory + " can be written by all users (rwxrwxrwx)")
        .contains("chmod go-w " + directory + ", or chmod +t " + directory);
    Path link = Files.createSymbolicLink(temp.resolve("link"), directory);
    assertThat(FileExposure.ofParents(link.resolve("c/state.json")).toString())
        .contains(directory.toString())
        .contains(link.toString());

    run("chmod", "go-w", directory.toString());
    assertThat(ours()).isEmpty();
    permit("rwxrwxrwx");
    run("chmod", "+t", directory.toString());
    assertThat(ours()).isEmpty();
  }

  @Test
  void directoryOfAGroupIsToldUnlessItIsTheOwnersOwn() throws IOException {
    permit("rwxrwx---");
    PosixFileAttributes is =
        Files.getFileAttributeView(directory, PosixFileAttributeView.class).readAttributes();
    boolean own = is.group().getName().equals(is.owner().getName());
    assertThat(ours().contains("can be written by its group " + is.group().getName()))
        .isEqualTo(!own);
    if (SELF == 0) {
      Files.getFileAttributeView(directory, PosixFileAttributeView.class)
          .setGroup(
              directory
                  .getFileSystem()
                  .getUserPrincipalLookupService()
                  .lookupPrincipalByGroupName("nogroup"));
      assertThat(ours()).contains("can be written by its group nogroup");
    }
  }

  @Test
  void directoryOfAnotherUserIsToldThoughNobodyElseMayWriteIt() {
    String owner = System.getProperty("user.name");
    boolean root = SELF == 0;
    assertThat(FileExposure.of(directory, SELF + 1).map(FileExposure::toString).orElse("root's"))
        .contains(root ? "root's" : directory + " belongs to another user, " + owner);
    assertThat(FileExposure.of(directory.resolve("nowhere"), SELF)).isEmpty();
  }

  private String ours() {
    return FileExposure.ofParents(file).stream()
        .map(FileExposure::toString)
        .filter(text -> text.startsWith(temp.toString()))
        .toList()
        .toString()
        .replaceFirst("^\\[]$", "");
  }

  private void permit(String permissions) throws IOException {
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString(permissions));
  }

  private static void sticky(Path directory) throws IOException {
    int mode = (Integer) Files.getAttribute(directory, "unix:mode", LinkOption.NOFOLLOW_LINKS);
    Files.setAttribute(directory, "unix:mode", mode | 01000);
  }

  private static void run(String... argv) throws Exception {
    assertThat(new ProcessBuilder(argv).inheritIO().start().waitFor()).isZero();
  }
}
