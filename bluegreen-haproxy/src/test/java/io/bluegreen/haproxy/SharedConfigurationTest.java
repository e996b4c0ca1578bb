package io.bluegreen.haproxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.bluegreen.RouterGuarantee;
import io.bluegreen.RouterReport.Warning;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A configuration that is read here counts only if HAProxy has loaded it from the same folder. */
class SharedConfigurationTest {
  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/bluegreen/haproxy.cfg",
        "/etc/haproxy/global.cfg;/bluegreen/haproxy.cfg",
        "/bluegreen/./haproxy.cfg",
        // Relative to a folder that HAProxy does not tell.
        "haproxy.cfg",
        "./haproxy.cfg"
      })
  void fileThatHaproxyHasLoadedFromTheSharedFolderIsBelieved(String loaded) throws IOException {
    Path file = folder.resolve("haproxy.cfg");
    assertThat(unproven(file, "HAPROXY_CFGFILES=" + loaded + "\n\n")).isEmpty();
  }

  @Test
  void folderInTheSharedFolderIsSharedToo() throws IOException {
    Path file = Files.createDirectory(folder.resolve("conf")).resolve("haproxy.cfg");
    assertThat(unproven(file, "HAPROXY_CFGFILES=/bluegreen/conf/haproxy.cfg\n\n")).isEmpty();
    assertThat(unproven(file, "HAPROXY_CFGFILES=/bluegreen/haproxy.cfg\n\n")).isPresent();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "HAPROXY_CFGFILES=/usr/local/etc/haproxy/haproxy.cfg\n\n",
        "HAPROXY_CFGFILES=/bluegreen/haproxy.cfg.d/haproxy.cfg\n\n",
        "HAPROXY_CFGFILES=other.cfg\n\n",
        "HAPROXY_CFGFILES=\n\n",
        "Variable not found\n\n",
        "Permission denied\n\n"
      })
  void anotherFileOrNoneIsNotBelieved(String reply) throws IOException {
    Warning warning = unproven(folder.resolve("haproxy.cfg"), reply).orElseThrow();
    assertThat(warning.costs()).contains(RouterGuarantee.RELOAD_SAFE);
    assertThat(warning.what()).contains("whether it loads /bluegreen/shop.state");
    assertThat(warning.remedy()).contains("'-f /bluegreen/haproxy.cfg'");
  }

  @Test
  void linkOrFileOutsideTheFolderIsNotBelieved() throws IOException {
    String reply = "HAPROXY_CFGFILES=/bluegreen/haproxy.cfg\n\n";
    Path link = Files.createSymbolicLink(folder.resolve("haproxy.cfg"), Path.of("other.cfg"));
    assertThat(unproven(link, reply).orElseThrow().what()).contains("is a link");
    assertThat(unproven(folder.resolveSibling("haproxy.cfg"), reply)).isPresent();
    assertThat(unproven(folder.resolve("none/haproxy.cfg"), reply).orElseThrow().what())
        .contains("can't be looked up");
  }

  private Optional<Warning> unproven(Path configuration, String reply) throws IOException {
    try (ScriptedSocket haproxy =
        new ScriptedSocket(command -> command.equals("show env HAPROXY_CFGFILES") ? reply : null)) {
      RecordFile file =
          new RecordFile(folder.resolve("shop.state"), Path.of("/bluegreen/shop.state"));
      return new SharedConfiguration(file, configuration).unproven(haproxy.api());
    }
  }
}
