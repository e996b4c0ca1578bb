package io.bluegreen.nginx;

import io.bluegreen.Drift;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;

/**
 * The generation of the last switch that was proven here, whichever process made it, so that going
 * back by hand is told. Not forced to the disk: after a crash an older one tells nothing wrong.
 *
 * <p>It is the target of a link that leads nowhere: a link is replaced without writing data, which
 * the next switch would have to wait for when it forces its own.
 *
 * @param link that holds it
 */
record LastGeneration(Path link) {
  /** Remembers it. */
  void note(long generation) throws IOException {
    Path copy = link.resolveSibling(link.getFileName() + ".tmp");
    Files.deleteIfExists(copy);
    Files.createSymbolicLink(copy, Path.of(Long.toString(generation)));
    Files.move(copy, link, StandardCopyOption.ATOMIC_MOVE);
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
      String target = Files.readSymbolicLink(link).toString();
      return target.matches("[0-9]{1,18}") ? Long.parseLong(target) : 0;
    } catch (IOException | UnsupportedOperationException noneYet) {
      return 0;
    }
  }
}
