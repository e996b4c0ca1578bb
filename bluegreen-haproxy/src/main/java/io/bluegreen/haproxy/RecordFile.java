package io.bluegreen.haproxy;

import io.bluegreen.Drift;
import io.bluegreen.Group;
import io.bluegreen.RouterException;
import io.bluegreen.RouterException.Effect;
import io.bluegreen.support.DurableFile;
import io.bluegreen.support.FileMode;
import io.bluegreen.support.Text;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.zip.CRC32C;

/**
 * A file that HAProxy loads at its start and that this library replaces whole. Its comments, which
 * HAProxy skips, carry the highest fence that was seen and, in the last line, a checksum that shows
 * an edited file and a torn one. Its text has a character for each byte.
 *
 * @param path where this program replaces it
 * @param loaded what HAProxy calls it; another path where HAProxy runs in a container
 */
record RecordFile(Path path, Path loaded) {
  /** The most bytes of a file. One for 100 services has 5 kB, and one for 10,000 servers 1.5 MB. */
  private static final int LARGEST = 4 * 1024 * 1024;

  private static final String SUM = "# sum ";
  private static final Pattern FENCE = Pattern.compile("(?m)^# fence (\\d{1,18})$");

  /** A file that HAProxy calls what this program calls it. */
  RecordFile(Path path) {
    this(path, path);
  }

  /** Returns the text, or empty if there is no file. */
  Optional<String> read() throws IOException {
    try {
      return Optional.of(new String(DurableFile.read(path, LARGEST), StandardCharsets.ISO_8859_1));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  /**
   * Replaces the file durably. If it has exactly this text already, it is only forced to the disk.
   * Everybody may read the new file, whatever mode the former one had: its owner may be another one
   * now, and a HAProxy that can't read it does not start. The file holds no secret. Others may not
   * write it.
   *
   * @param former the text that was read before
   */
  void write(Optional<String> former, String text) throws IOException {
    if (former.equals(Optional.of(text))) {
      DurableFile.forceDirectory(directory());
    } else {
      DurableFile.removeLeftoversOf(path);
      DurableFile.replace(
          path, text.getBytes(StandardCharsets.ISO_8859_1), FileMode.READABLE.ofFile());
    }
  }

  /** Puts the former text back, after a switch that is known not to have happened. */
  void restore(Optional<String> former) throws IOException {
    if (former.isPresent()) {
      write(read(), former.get());
    } else {
      Files.deleteIfExists(path);
      DurableFile.forceDirectory(directory());
    }
  }

  /** Refuses a file that could not be replaced later. */
  void check() {
    if (Files.isSymbolicLink(path)) {
      throw new RouterException(
          path + " is a symbolic link; remedy: name the file itself in both places",
          Effect.UNCHANGED);
    }
    if (!Files.isWritable(directory())) {
      throw new RouterException(
          "the directory of " + path + " can't be written; remedy: let this user write it",
          Effect.UNCHANGED);
    }
  }

  /** Refuses to act on another group's file. */
  void requireOwner(Group group, Optional<String> owner) {
    if (owner.isPresent() && !owner.get().equals(group.name())) {
      throw new RouterException(
          foreign(owner.get()).detail()
              + ", not to "
              + group.name()
              + "; give each group a file of its own",
          Effect.UNCHANGED);
    }
  }

  /** Returns the faults of a text; its mark was looked for already. */
  List<Drift> defects(Group group, Optional<String> text, Optional<String> owner) {
    if (text.isEmpty()) {
      return List.of(new Drift(Drift.Kind.MARKER_MISSING, path + " is not there"));
    }
    if (owner.isEmpty()) {
      return List.of(
          new Drift(Drift.Kind.MARKER_MISSING, path + " is not marked as a file of this library"));
    }
    if (!owner.get().equals(group.name())) {
      return List.of(foreign(owner.get()));
    }
    int sum = text.get().lastIndexOf("\n" + SUM) + 1;
    if (sum == 0) {
      return List.of(new Drift(Drift.Kind.FILE_TORN, path + " lacks its last line"));
    }
    return text.get().equals(sealed(text.get().substring(0, sum)))
        ? List.of()
        : List.of(new Drift(Drift.Kind.FILE_EDITED, path + " was changed by somebody else"));
  }

  /** Returns whether a text has neither the checksum nor the fence that each file of ours has. */
  static boolean writtenByHand(String text) {
    return !text.contains(SUM) && !FENCE.matcher(text).find();
  }

  /** Returns the highest fence in a text; 0 if there is none. */
  static long fence(String text) {
    return FENCE.matcher(text).results().mapToLong(RecordFile::number).max().orElse(0);
  }

  /** Returns the comments that each file has. */
  static String remarks(long fence, String deploymentId) {
    return "# fence "
        + fence
        + "\n# deployment "
        + Text.clean(deploymentId, 128).replaceAll("[^ -~]", "?")
        + "\n";
  }

  /** Returns a text with its checksum at the end. */
  static String sealed(String text) {
    CRC32C crc = new CRC32C();
    crc.update(text.getBytes(StandardCharsets.ISO_8859_1));
    return text + SUM + String.format(Locale.ROOT, "%08x", crc.getValue()) + "\n";
  }

  private static long number(MatchResult match) {
    return Long.parseLong(match.group(1));
  }

  private Drift foreign(String owner) {
    return new Drift(Drift.Kind.FOREIGN_MARK, path + " belongs to group " + Text.clean(owner, 80));
  }

  private Path directory() {
    return Objects.requireNonNull(
        path.toAbsolutePath().getParent(), "path: not the root directory");
  }
}
