package io.bluegreen.haproxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.bluegreen.BlueGreenException;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A missing permission is named as the cause. Root lacks none, so that another process is asked
 * then, one of nobody's.
 */
class MissingPermissionTest {
  private static final String NOBODY = "65534";

  @TempDir Path dir;

  @BeforeEach
  void open() throws IOException {
    permit(dir, "rwxr-xr-x");
  }

  /** What the other process does. */
  public static void main(String[] args) {
    Path path = Path.of(args[1]);
    try {
      if (args[0].equals("ask")) {
        RuntimeApi.unix(path).info();
      } else {
        new RecordFile(path).check();
      }
      System.out.println("nothing was missing");
    } catch (BlueGreenException e) {
      System.out.println(e.getMessage());
    }
  }

  @Test
  void aSocketThatThisUserMayNotUse() throws Exception {
    Path socket = socket(dir);
    permit(socket, "---------");
    assertThat(said("ask", socket)).contains("no permission", "a mode and a group");
  }

  @Test
  void aSocketInADirectoryThatThisUserMayNotEnter() throws Exception {
    Path shut = Files.createDirectory(dir.resolve("shut"));
    Path socket = socket(shut);
    permit(shut, "---------");
    assertThat(said("ask", socket)).contains("no permission");
    permit(shut, "rwx------");
  }

  @Test
  void aDirectoryOfTheMapThatThisUserMayNotWrite() throws Exception {
    Path maps = Files.createDirectory(dir.resolve("maps"));
    permit(maps, "r-xr-xr-x");
    assertThat(said("check", maps.resolve("shop.map")))
        .contains("can't be written", "let this user write it");
  }

  private static Path socket(Path dir) throws IOException {
    Path path = dir.resolve("s");
    ServerSocketChannel.open(StandardProtocolFamily.UNIX)
        .bind(UnixDomainSocketAddress.of(path))
        .close();
    return path;
  }

  private static void permit(Path path, String permissions) throws IOException {
    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(permissions));
  }

  private String said(String what, Path path) throws Exception {
    List<String> argv = new ArrayList<>();
    if (System.getProperty("user.name").equals("root")) {
      argv.addAll(List.of("setpriv", "--reuid", NOBODY, "--regid", NOBODY, "--clear-groups"));
    }
    argv.addAll(
        List.of(
            ProcessHandle.current().info().command().orElseThrow(),
            "-cp",
            readableClassPath(),
            MissingPermissionTest.class.getName(),
            what,
            path.toString()));
    Process process = new ProcessBuilder(argv).redirectErrorStream(true).start();
    String said =
        new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
            .toLowerCase(Locale.ROOT);
    assertThat(process.waitFor()).describedAs(said).isZero();
    return said;
  }

  /** The user nobody may not look into the home directory, and the libraries are there. */
  private String readableClassPath() throws IOException {
    List<String> copies = new ArrayList<>();
    for (String entry : System.getProperty("java.class.path").split(":", -1)) {
      Path source = Path.of(entry);
      Path copy = dir.resolve("cp" + copies.size() + source.getFileName());
      copies.add(copy.toString());
      try (Stream<Path> files = Files.walk(source)) {
        for (Path file : files.toList()) {
          Path target = copy.resolve(source.relativize(file).toString());
          Files.copy(file, target, StandardCopyOption.REPLACE_EXISTING);
          permit(target, Files.isDirectory(target) ? "rwxr-xr-x" : "rw-r--r--");
        }
      }
    }
    return String.join(":", copies);
  }
}
