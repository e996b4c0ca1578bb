package io.bluegreen.nginx;

import io.bluegreen.Drift;
import io.bluegreen.support.DurableFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/**
 * The generation of the last switch that was proven here, whichever process made it, so that going
 * back by hand is told. Not forced to the disk: after a crash an older one tells nothing wrong.
 *
 * @param file that holds it
 */
record LastGeneration(Path file) {
  private static final int LONGEST = 18;

  /** Remembers it. */
  void note(long generation) throws IOException {
    Path copy = file.resolveSibling(file.getFileName() + ".tmp");
    Files.deleteIfExists(copy); // A link that somebody put there is not to be written through.
    Files.writeString(copy, Long.toString(generation), StandardOpenOption.CREATE_NEW);
    Files.move(copy, file, StandardCopyOption.ATOMIC_MOVE);
  }

  /** Returns that nginx went back behind it, if it did. */
  Optional<Drift> compare(long generation) {
    long last = read();
    if (generation >= last) {
      return Optional.empty();
    }
    return Optional.of(
        generation == 0
            ? new Drift(
                Drift.Kind.STATE_LOST,
                "nginx serves its rendered default, though generation " + last + " was proven")
            : new Drift(
                Drift.Kind.RUNNING_DIFFERS,
                "nginx serves generation "
                    + generation
                    + " again, though generation "
                    + last
                    + " was proven; somebody went back by hand"));
  }

  private long read() {
    try {
      String text = new String(DurableFile.read(file, LONGEST), StandardCharsets.US_ASCII);
      return text.matches("[0-9]{1,18}") ? Long.parseLong(text) : 0;
    } catch (IOException noneYet) {
      return 0;
    }
  }
}
