package io.bluegreen.launch;

import io.bluegreen.support.Failures;
import io.bluegreen.support.FileMode;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/**
 * What one instance prints. A new launch starts a new file; the former one is kept under the name
 * {@code .previous.log}.
 */
record OutputFile(Path directory, String name) {
  private static final int TAIL = 16 * 1024;

  /** Returns where it lies. */
  Path path() {
    return directory.resolve(name + ".log");
  }

  /**
   * Starts a new, empty file that only this user can read.
   *
   * @throws IOException if that is not possible
   */
  void begin() throws IOException {
    if (Files.exists(path())) {
      Files.move(
          path(),
          directory.resolve(name + ".previous.log"),
          StandardCopyOption.REPLACE_EXISTING,
          StandardCopyOption.ATOMIC_MOVE);
    }
    FileMode.PRIVATE.createFile(path());
  }

  /** Returns its end, or why it can't be read. */
  String tail() {
    try (RandomAccessFile file = new RandomAccessFile(path().toFile(), "r")) {
      file.seek(Math.max(0, file.length() - TAIL));
      byte[] end = new byte[TAIL];
      int length = 0;
      for (int n = 0; n >= 0 && length < TAIL; n = file.read(end, length, TAIL - length)) {
        length += n;
      }
      return new String(end, 0, length, StandardCharsets.UTF_8);
    } catch (IOException e) {
      return "no output: " + Failures.reason(e);
    }
  }
}
