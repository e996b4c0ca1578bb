package io.bluegreen.launch;

import io.bluegreen.LaunchException;
import io.bluegreen.Slot;
import io.bluegreen.support.DurableFile;
import io.bluegreen.support.Failures;
import io.bluegreen.support.FileMode;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * Where the records and the output of launched processes lie: a directory for each group, which
 * only this user can write.
 */
final class RunDirectory {
  private static final int LARGEST_RECORD = 1024 * 1024;

  private final Path root;

  RunDirectory(Path root) {
    this.root = root.toAbsolutePath().normalize();
  }

  /** Returns the one of this user: XDG Base Directory Specification, XDG_STATE_HOME. */
  static RunDirectory ofUser(Map<String, String> host, String home) {
    String state = host.getOrDefault("XDG_STATE_HOME", "");
    // "If an implementation encounters a relative path in any of these variables it should ...
    // ignore it."
    Path parent = state.startsWith("/") ? Path.of(state) : Path.of(home, ".local", "state");
    return new RunDirectory(parent.resolve("bluegreen"));
  }

  /**
   * Makes the directory of a group.
   *
   * @param user the one that has to own it
   * @throws LaunchException if it belongs to somebody else, or others can write it
   * @throws IOException if it can't be made
   */
  void prepare(String group, int user) throws IOException {
    Path directory = root.resolve(group);
    FileMode.PRIVATE.createDirectories(directory);
    for (Path checked : List.of(root, directory)) {
      Optional<String> objection = OwnDirectory.objection(checked, user);
      if (objection.isPresent()) {
        throw new LaunchException(
            objection.get() + ". Nothing was started.", LaunchException.Effect.UNCHANGED);
      }
    }
  }

  /**
   * Says why the directory of a group can't be used, or not be made, if so. Makes nothing.
   *
   * @throws IOException if it can't be looked at
   */
  Optional<String> objection(String group, int user) throws IOException {
    for (Path checked : List.of(root, root.resolve(group))) {
      Optional<String> objection =
          Files.exists(checked, LinkOption.NOFOLLOW_LINKS)
              ? OwnDirectory.objection(checked, user)
              : Optional.empty();
      if (objection.isPresent()) {
        return objection;
      }
    }
    Path there = root.resolve(group);
    while (!Files.exists(there)) {
      there = Objects.requireNonNull(there.getParent(), "the root directory exists");
    }
    return Files.isDirectory(there) && Files.isWritable(there)
        ? Optional.empty()
        : Optional.of(
            "run directory " + root + " can't be written: look at " + there + ", or name another");
  }

  /**
   * Returns what is written down about the last launch of a slot, or empty if nothing is.
   *
   * @throws LaunchException if the record was edited or is damaged; the message says what to do
   * @throws IOException if it can't be read
   */
  Optional<LaunchRecord> record(Slot slot) throws IOException {
    Path file = file(slot);
    try {
      LaunchRecord record = LaunchRecord.read(DurableFile.read(file, LARGEST_RECORD));
      if (!record.id().equals(LaunchId.of(slot, record.id().token()))) {
        throw new IllegalArgumentException("it is about " + record.id());
      }
      return Optional.of(record);
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IllegalArgumentException e) {
      throw new LaunchException(
          "launch record "
              + file
              + " is damaged: "
              + Failures.reason(e)
              + "; delete it when no process of "
              + slot
              + " runs",
          LaunchException.Effect.UNCHANGED,
          e);
    }
  }

  /**
   * Returns the records of the other slots of the group that can be read.
   *
   * @throws IOException if they can't be listed
   */
  List<LaunchRecord> others(Slot slot) throws IOException {
    List<LaunchRecord> others = new ArrayList<>();
    Path directory = root.resolve(slot.group());
    if (!Files.isDirectory(directory)) {
      return others;
    }
    try (DirectoryStream<Path> records = Files.newDirectoryStream(directory, "*.json")) {
      for (Path file : records) {
        if (!file.equals(file(slot))) {
          others.add(LaunchRecord.read(DurableFile.read(file, LARGEST_RECORD)));
        }
      }
    } catch (IllegalArgumentException e) {
      throw new IOException("a launch record in " + directory + " is damaged", e);
    }
    return others;
  }

  /**
   * Writes down a launch, and removes the copies that killed hosts have left half written.
   *
   * @throws IOException if that is not known to be durable
   */
  void save(Slot slot, LaunchRecord record) throws IOException {
    Path file = file(slot);
    DurableFile.removeLeftoversOf(file);
    DurableFile.replace(file, record.write());
  }

  /**
   * Forgets the launch of a slot.
   *
   * @throws IOException if that is not known to be durable
   */
  void forget(Slot slot) throws IOException {
    Path file = file(slot);
    if (Files.deleteIfExists(file)) {
      DurableFile.removeLeftoversOf(file);
      DurableFile.forceDirectory(root.resolve(slot.group()));
    }
  }

  /** Returns what to say of a launch whose processes can't be seen from here. */
  String unseen(Slot slot) {
    return slot
        + " was launched in another PID namespace, such as a container's, and can't be seen from"
        + " this one; look there, and remove "
        + file(slot)
        + " when nothing of it runs";
  }

  /** Returns what to do about a record that names a process that was not launched here. */
  String remedy(Slot slot, long pid) {
    return "pid "
        + pid
        + ", which the launch record "
        + file(slot)
        + " names, runs, but was not launched here as "
        + slot
        + "; end it by hand if it is "
        + slot
        + "'s (kill "
        + pid
        + "), else delete that record";
  }

  /** Returns what to do about a record of a process that may not be taken over. */
  String notTakenOver(Slot slot, long pid, String why) {
    return "pid "
        + pid
        + ", which "
        + file(slot)
        + " names as taken over, may not be: "
        + why
        + "; end it by hand if it is "
        + slot
        + "'s, else delete that record";
  }

  /** Returns the output of one instance of a slot. */
  OutputFile output(Slot slot, int index) {
    return new OutputFile(root.resolve(slot.group()), name(slot) + "." + index);
  }

  private Path file(Slot slot) {
    return root.resolve(slot.group()).resolve(name(slot) + ".json");
  }

  // Neither a service nor a colour has a dot in its name.
  private static String name(Slot slot) {
    return slot.service().name() + "." + slot.color().label();
  }

  /** Returns the path. */
  @Override
  public String toString() {
    return root.toString();
  }
}
