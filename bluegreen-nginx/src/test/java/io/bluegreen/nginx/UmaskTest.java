package io.bluegreen.nginx;

import static org.assertj.core.api.Assertions.assertThat;

import io.bluegreen.Color;
import io.bluegreen.Group;
import io.bluegreen.Router;
import io.bluegreen.RouterReport;
import io.bluegreen.TrafficSplit;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Checks the rights of files under each umask: nginx's workers, which are another user, can read
 * the files that they need, others can write nothing, and only the user that switches can lock.
 */
class UmaskTest {
  /** The files that nginx and this test make. */
  private static final Set<String> THEIRS =
      Set.of("access.log", "error.log", "nginx.pid", "status.sock", "output.txt");

  @TempDir Path temp;

  /** Renders, waits for a line, and switches to green. Arguments: mode, place, the group. */
  public static void main(String[] args) throws IOException {
    Group group = SwitchProgram.group(List.of(args).subList(2, args.length));
    try (NginxRouter router = SwitchProgram.router(args[0], Path.of(args[1]))) {
      System.out.println(router.renderConfig(group).write());
      new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8)).readLine();
      router.open(new Router.Opening(group, Optional.empty(), 0));
      TrafficSplit blue = TrafficSplit.all(group, Color.BLUE);
      router.apply(NginxShop.change(blue, TrafficSplit.all(group, Color.GREEN), 1, 1));
    }
  }

  @ParameterizedTest(name = "{0}, umask {1}")
  @CsvSource({"live, 000", "live, 077", "reload, 000", "reload, 077"})
  void workersReadTheFilesThatTheyNeedAndOthersWriteNothing(String mode, String umask)
      throws Exception {
    Path top = RealNginx.open(temp).resolve("made");
    Path place = mode.equals("live") ? top.resolve("state") : top.resolve("conf/bluegreen.conf");
    try (NginxShop shop = new NginxShop("web")) {
      Process program = program(umask, mode, place, shop.group);
      try (BufferedReader said = program.inputReader();
          RealNginx nginx = new RealNginx(Path.of(said.readLine()))) {
        shop.assertServes(Color.BLUE);
        program.getOutputStream().write('\n');
        program.getOutputStream().close();
        assertThat(said.lines().toList()).isEmpty();
        assertThat(program.waitFor()).isZero();
        shop.assertServes(Color.GREEN);
        assertThat(nginx.run("-t")).isZero();
        modes(top).forEach((path, found) -> assertThat(found).as(path).isEqualTo(wanted(path)));
        assertThat(warnings(mode, place, shop.group)).noneMatch(w -> w.contains("may open"));
      } finally {
        program.destroyForcibly().waitFor();
      }
    }
  }

  private static String wanted(String path) {
    if (path.endsWith(".lock")) {
      return "rw-------";
    }
    return path.startsWith("d ") ? "rwxr-xr-x" : "rw-r--r--";
  }

  private static Map<String, String> modes(Path top) throws IOException {
    Map<String, String> modes = new TreeMap<>();
    try (Stream<Path> all = Files.walk(top)) {
      for (Path path : all.toList()) {
        boolean ours = !THEIRS.contains(String.valueOf(path.getFileName()));
        if (ours && !path.toString().contains("/tmp-") && !Files.isSymbolicLink(path)) {
          String kind = Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS) ? "d " : "f ";
          modes.put(
              kind + top.relativize(path),
              PosixFilePermissions.toString(Files.getPosixFilePermissions(path)));
        }
      }
    }
    assertThat(modes).hasSizeGreaterThan(3);
    return modes;
  }

  private static List<String> warnings(String mode, Path place, Group group) {
    try (NginxRouter router = SwitchProgram.router(mode, place)) {
      return router.open(new Router.Opening(group, Optional.empty(), 0)).warnings().stream()
          .map(RouterReport.Warning::toString)
          .toList();
    }
  }

  private static Process program(String umask, String mode, Path place, Group group)
      throws IOException {
    List<String> argv =
        new ArrayList<>(
            List.of(
                "sh",
                "-c",
                "umask " + umask + "; exec \"$@\"",
                "sh",
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                UmaskTest.class.getName(),
                mode,
                place.toString()));
    argv.addAll(SwitchProgram.arguments(group));
    return new ProcessBuilder(argv).redirectError(ProcessBuilder.Redirect.DISCARD).start();
  }
}
