package io.bluegreen.nginx;

import io.bluegreen.Drift;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;

/**
 * The generation of the last switch that was proven on this machine, by any process. By it a person
 * who went back by hand is noticed. It is not forced to the disk: an older number, as after a
 * crash, does no harm.
 *
 * <p>It is kept as the target of a link that leads nowhere. Replacing a link writes no data, for
 * which the next switch would have to wait when it forces its own data to the disk.
 *
 * @param link that holds it
 */
record LastGeneration(Path link) {
  /** Remembers a generation. */
  void note(long generation) throws IOException {
    Path copy = link.resolveSibling(link.getFileName() + ".tmp");
    Files.deleteIfExists(copy);
    Files.createSymbolicLink(copy, Path.of(Long.toString(generation)));
    Files.move(copy, link, StandardCopyOption.ATOMIC_MOVE);
  }

  /** Returns a drift if nginx serves an older generation than this. */
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
