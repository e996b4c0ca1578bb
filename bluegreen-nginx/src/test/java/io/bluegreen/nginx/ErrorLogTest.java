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
  private static final String STAMP = "2026/01/01 00:00:00 ";
  private static final String LINE = STAMP + FAILURE;

  @TempDir Path temp;

  @Test
  void reasonBehindManyOtherLinesIsFound() throws IOException {
    Path path = Files.writeString(temp.resolve("log"), LINE + " long ago\n");
    ErrorLog log = ErrorLog.now(path, Optional.empty());
    append(path, (STAMP + "[debug] 1#1: noise\n").repeat(50_000) + "x".repeat(600_000) + "\n");
    append(path, LINE + "\n");
    assertThat(log.failure()).contains(FAILURE);
    assertThat(log.failure()).as("it was told").isEmpty();
  }

  @Test
  void lineThatComesInTwoPiecesIsReadWhole() throws IOException {
    Path path = Files.writeString(temp.resolve("log"), "");
    ErrorLog log = ErrorLog.now(path, Optional.empty());
    append(path, LINE.substring(0, 24));
    assertThat(log.failure()).isEmpty();
    append(path, LINE.substring(24) + "\n");
    assertThat(log.failure()).contains(FAILURE);
  }

  @Test
  void truncatedLogIsReadFromItsStart() throws IOException {
    Path path = Files.writeString(temp.resolve("log"), "x".repeat(1000) + "\n");
    ErrorLog log = ErrorLog.now(path, Optional.empty());
    Files.writeString(path, LINE + "\n");
    assertThat(log.failure()).contains(FAILURE);
  }

  @Test
  void pipeInPlaceOfTheLogStopsNobody() throws Exception {
    Path path = temp.resolve("log");
    assertThat(new ProcessBuilder("mkfifo", path.toString()).start().waitFor()).isZero();
    ErrorLog log = ErrorLog.now(path, Optional.empty());
    assertThat(log.isReadable()).isFalse();
    assertThat(log.failure()).isEmpty();
  }

  @Test
  void lastWordsOfADeadWorkerAreReportedWithItsEnd() throws IOException {
    Path path = Files.writeString(temp.resolve("log"), "");
    ErrorLog log = ErrorLog.now(path, Optional.empty());
    append(path, "2026/01/01 00:00:00 [alert] 7#7: chdir(\"/x\") failed (2: No such file)\n");
    assertThat(log.failure()).isEmpty();
    append(
        path,
        STAMP + "[alert] 1#1: worker process 7 exited with fatal code 2 and cannot be respawned\n");
    assertThat(log.failure().orElseThrow())
        .contains("exited with fatal code 2")
        .endsWith("which had said: chdir(\"/x\") failed (2: No such file)");
  }

  /** Anyone who can make nginx log a request could end every switch, the one back among them. */
  @Test
  void textOfClientsIsNoFailureOfNginx() throws IOException {
    Path path = Files.writeString(temp.resolve("log"), "");
    ErrorLog log = ErrorLog.now(path, Optional.empty());
    String request =
        "*5 client intended to send too large body: 9000000000 bytes, client: 10.0.0.1, server: ,"
            + " request: \"POST / HTTP/1.1\", host: \"x\", referrer: \"";
    for (String said :
        new String[] {
          FAILURE, LINE, " [emerg] 1#1: no", " [alert] 1#1: fork() failed", " [alert] 8#8: exited"
        }) {
      append(path, STAMP + "[error] 9#9: " + request + said + "\"\n");
      append(path, STAMP + "[alert] 9#9: " + request + "[emerg] 1#1: no\"\n");
      assertThat(log.failure()).as(said).isEmpty();
    }
  }

  private static void append(Path path, String text) throws IOException {
    Files.writeString(path, text, StandardOpenOption.APPEND);
  }
}
