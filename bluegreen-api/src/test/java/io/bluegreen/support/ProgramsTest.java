package io.bluegreen.support;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.FileNotFoundException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProgramsTest {
  @TempDir Path directory;

  @Test
  void bareNameIsSearchedInAbsoluteDirectoriesOnly() throws Exception {
    Path program = program("probe");
    assertThat(Programs.find("probe", Map.of("PATH", ":.:" + directory + ":"))).isEqualTo(program);
    assertThatThrownBy(() -> Programs.find("probe", Map.of("PATH", ":.::")))
        .isInstanceOf(FileNotFoundException.class)
        .hasMessageContaining("probe")
        .hasMessageContaining("absolute path");
    assertThat(Programs.find("sh", Map.of())).isAbsolute();
    assertThat(Programs.find(program.toString(), Map.of())).isEqualTo(program);
  }

  /** A JVM of its own works where such a program lies, and its PATH has an empty entry. */
  @Test
  void neitherGateNorHealthCheckRunsAProgramFromTheWorkingDirectory() throws Exception {
    program("probe");
    ProcessBuilder builder =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                CommandsOfAHost.class.getName())
            .directory(directory.toFile())
            .redirectErrorStream(true);
    builder.environment().put("PATH", ":/usr/bin:/bin");
    Process host = builder.start();
    String said = new String(host.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(host.waitFor()).as(said).isZero();
    assertThat(said)
        .contains("gate INCONCLUSIVE", "check DOWN", "\"probe\" was not found in PATH")
        .contains("gate of sh PASSED", "check of sh UP");
    assertThat(directory.resolve("ran")).doesNotExist();
  }

  private Path program(String name) throws Exception {
    Path program = directory.resolve(name);
    Files.writeString(program, "#!/bin/sh\ntouch ran\n");
    Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
    return program;
  }
}
