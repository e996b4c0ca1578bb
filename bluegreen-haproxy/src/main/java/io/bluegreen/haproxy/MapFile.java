package io.bluegreen.haproxy;

import io.bluegreen.Drift;
import io.bluegreen.Group;
import io.bluegreen.RouterException;
import io.bluegreen.RouterException.Effect;
import io.bluegreen.support.DurableFile;
import io.bluegreen.support.Text;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.CRC32C;

/**
 * The map file: what a cold start or the next reload would serve, whose group it is, and the
 * highest fence that was ever seen. It is rendered whole and replaced whole. Its last line has a
 * checksum, by which an edited or a torn one is known.
 */
final class MapFile {
  private static final int LARGEST = 4 * 1024 * 1024;
  private static final String SUM = "# sum ";
  private static final Pattern FENCE = Pattern.compile("# fence (\\d{1,18})");
  private static final Set<PosixFilePermission> PERMISSIONS =
      PosixFilePermissions.fromString("rw-r--r--");

  private final Path path;

  MapFile(Path path) {
    this.path = path;
  }

  Path path() {
    return path;
  }

  /**
   * What stands in the file.
   *
   * @param shares what HAProxy would make of it
   * @param fence the highest that was seen; 0 if that is not known
   * @param defects what is amiss with it
   * @param text of the file, a character for each byte; empty if there is none
   */
  record Content(Shares shares, long fence, List<Drift> defects, Optional<String> text) {}

  Content read(Group group) throws IOException {
    byte[] bytes;
    try {
      bytes = DurableFile.read(path, LARGEST);
    } catch (NoSuchFileException e) {
      Drift missing =
          new Drift(
              Drift.Kind.MARKER_MISSING, path + " is not there: the next start would be refused");
      return new Content(
          new Shares(Optional.empty(), java.util.Map.of(), List.of()),
          0,
          List.of(missing),
          Optional.empty());
    }
    String text = new String(bytes, StandardCharsets.ISO_8859_1);
    Shares shares = Shares.of(group, entries(text));
    long fence = 0;
    for (String line : text.lines().toList()) {
      Matcher matcher = FENCE.matcher(line);
      if (matcher.matches()) {
        fence = Math.max(fence, Long.parseLong(matcher.group(1)));
      }
    }
    return new Content(shares, fence, defects(group, text, shares), Optional.of(text));
  }

  /**
   * Replaces the file durably; one that has exactly this content already is only made sure to be
   * durable.
   */
  void write(Content former, String content) throws IOException {
    if (former.text().equals(Optional.of(content))) {
      DurableFile.forceDirectory(directory());
    } else {
      DurableFile.replace(
          path,
          content.getBytes(StandardCharsets.ISO_8859_1),
          former.text().isEmpty() ? PERMISSIONS : Files.getPosixFilePermissions(path));
    }
  }

  /** Puts back what was there before a switch that is known not to have happened. */
  void restore(Group group, Content former) throws IOException {
    if (former.text().isPresent()) {
      write(read(group), former.text().get());
    } else {
      Files.deleteIfExists(path);
      DurableFile.forceDirectory(directory());
    }
  }

  private Path directory() {
    return Objects.requireNonNull(path.toAbsolutePath().getParent(), "map: not the root directory");
  }

  /** Returns the whole file for a group. */
  static String render(Group group, Shares shares, long fence, String deploymentId) {
    StringBuilder text = new StringBuilder();
    text.append("# bluegreen: the splits of group ").append(group.name());
    text.append("; rendered whole, do not edit\n");
    text.append("# fence ").append(fence).append('\n');
    text.append("# deployment ").append(Text.clean(deploymentId, 128).replaceAll("[^ -~]", "?"));
    text.append('\n');
    shares
        .entries()
        .forEach((key, value) -> text.append(key).append(' ').append(value).append('\n'));
    return text + SUM + sum(text.toString()) + "\n";
  }

  /** Reads it as HAProxy does: comments and empty lines skipped, a key, blanks, the value. */
  private static List<MapEntry> entries(String text) {
    List<MapEntry> entries = new ArrayList<>();
    for (String line : text.lines().map(String::strip).toList()) {
      if (!line.isEmpty() && line.charAt(0) != '#') {
        String[] parts = line.split("[ \t]+", 2);
        entries.add(new MapEntry(parts[0], parts.length == 2 ? parts[1] : ""));
      }
    }
    return entries;
  }

  private List<Drift> defects(Group group, String text, Shares shares) {
    List<Drift> defects = new ArrayList<>();
    if (shares.owner().isEmpty()) {
      defects.add(
          new Drift(Drift.Kind.MARKER_MISSING, path + " is not marked as a file of this library"));
      return defects;
    }
    String owner = shares.owner().get();
    if (!owner.equals(group.name())) {
      defects.add(
          new Drift(Drift.Kind.FOREIGN_MARK, path + " belongs to group " + Text.clean(owner, 80)));
      return defects;
    }
    int sum = text.lastIndexOf("\n" + SUM) + 1;
    if (sum == 0) {
      defects.add(new Drift(Drift.Kind.FILE_TORN, path + " lacks its last line"));
    } else if (!text.substring(sum).equals(SUM + sum(text.substring(0, sum)) + "\n")) {
      defects.add(new Drift(Drift.Kind.FILE_EDITED, path + " was changed by somebody else"));
    }
    return defects;
  }

  /** Refuses to act for a holder of the lease that was overtaken, or on another group's file. */
  void admit(Group group, Content content, long fence) {
    Optional<Drift> foreign =
        content.defects().stream()
            .filter(drift -> drift.kind() == Drift.Kind.FOREIGN_MARK)
            .findFirst();
    if (foreign.isPresent()) {
      throw new RouterException(
          foreign.get().detail()
              + ", not to "
              + group.name()
              + "; give each group a map of its own",
          Effect.UNCHANGED);
    }
    if (content.fence() > fence) {
      throw new RouterException(
          "the fence "
              + fence
              + " is lower than "
              + content.fence()
              + " in "
              + path
              + ": another manager has taken the lease since; nothing was changed",
          Effect.UNCHANGED);
    }
  }

  private static String sum(String text) {
    CRC32C crc = new CRC32C();
    crc.update(text.getBytes(StandardCharsets.ISO_8859_1));
    return String.format(java.util.Locale.ROOT, "%08x", crc.getValue());
  }
}
