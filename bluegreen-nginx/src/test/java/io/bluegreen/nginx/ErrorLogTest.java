package io.bluegreen.nginx;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class ErrorLogTest {
  private static final String FAILURE = "[emerg] 1#1: bind() failed (98)";

  @TempDir Path temp;

  @Test
  void aReasonBehindManyOtherLinesIsFound() throws IOException {
    Path path = Files.writeString(temp.resolve("log"), FAILURE + " long ago\n");
    ErrorLog log = ErrorLog.now(path, Optional.empty());
    append(path, "[debug] 1#1: noise\n".repeat(50_000) + "x".repeat(600_000) + "\n");
    append(path, FAILURE + "\n");
    assertThat(log.failure()).contains(FAILURE);
    assertThat(log.failure()).as("it was told").isEmpty();
  }

  @Test
  void aLineThatComesInTwoPiecesIsReadWhole() throws IOException {
    Path path = Files.writeString(temp.resolve("log"), "");
    ErrorLog log = ErrorLog.now(path, Optional.empty());
    append(path, FAILURE.substring(0, 4));
    assertThat(log.failure()).isEmpty();
    append(path, FAILURE.substring(4) + "\n");
    assertThat(log.failure()).contains(FAILURE);
  }

  @Test
  void aTruncatedLogIsReadFromItsStart() throws IOException {
    Path path = Files.writeString(temp.resolve("log"), "x".repeat(1000) + "\n");
    ErrorLog log = ErrorLog.now(path, Optional.empty());
    Files.writeString(path, FAILURE + "\n");
    assertThat(log.failure()).contains(FAILURE);
  }

  @Test
  void aPipeInPlaceOfTheLogStopsNobody() throws Exception {
    Path path = temp.resolve("log");
    assertThat(new ProcessBuilder("mkfifo", path.toString()).start().waitFor()).isZero();
    ErrorLog log = ErrorLog.now(path, Optional.empty());
    assertThat(log.isReadable()).isFalse();
    assertThat(log.failure()).isEmpty();
  }

  @Test
  void whatADeadWorkerHadSaidIsToldWithItsEnd() throws IOException {
    Path path = Files.writeString(temp.resolve("log"), "");
    ErrorLog log = ErrorLog.now(path, Optional.empty());
    append(path, "2026/01/01 00:00:00 [alert] 7#7: chdir(\"/x\") failed (2: No such file)\n");
    assertThat(log.failure()).isEmpty();
    append(
        path, "[alert] 1#1: worker process 7 exited with fatal code 2 and cannot be respawned\n");
    assertThat(log.failure().orElseThrow())
        .contains("exited with fatal code 2")
        .endsWith("which had said: chdir(\"/x\") failed (2: No such file)");
  }

  private static void append(Path path, String text) throws IOException {
    Files.writeString(path, text, StandardOpenOption.APPEND);
  }
}
