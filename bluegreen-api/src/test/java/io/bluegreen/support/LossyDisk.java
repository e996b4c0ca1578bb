package io.bluegreen.support;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * A model of a file system that owes nobody anything which was not forced: after a power loss each
 * change of a name may be there or not, whatever its order, and of each write nothing, a part or
 * all.
 */
final class LossyDisk implements Disk {
  static final String ABSENT = "(absent)";

  private static final class Inode {
    private String content = "";
    private Set<String> maybe = new LinkedHashSet<>(Set.of(""));
    private int forces;
    private boolean forceFailed;
  }

  private record NameChange(Path removed, Path set, Inode inode) {}

  private final Map<Path, Inode> names = new TreeMap<>();
  private final Map<Path, Inode> durable = new TreeMap<>();
  private final List<NameChange> pending = new ArrayList<>();
  private final List<Inode> inodes = new ArrayList<>();

  /** At which call something happens, counted from 0; and what. */
  private int countdown = Integer.MAX_VALUE;

  private boolean powerLoss;

  /** The power is lost before the call with this number. */
  static final class PowerLost extends Error {
    private static final long serialVersionUID = 1L;
  }

  static LossyDisk holding(Path file, String content) {
    LossyDisk disk = new LossyDisk();
    Inode inode = new Inode();
    inode.content = content;
    inode.maybe = Set.of(content);
    disk.names.put(file, inode);
    disk.durable.put(file, inode);
    return disk;
  }

  LossyDisk losesPowerBeforeCall(int call) {
    countdown = call;
    powerLoss = true;
    return this;
  }

  LossyDisk failsCall(int call) {
    countdown = call;
    powerLoss = false;
    return this;
  }

  /** Whether the fault that was asked for has not come yet. */
  boolean faultIsOutstanding() {
    return countdown >= 0 && countdown != Integer.MAX_VALUE;
  }

  /** What a program sees now. */
  String seen(Path file) {
    Inode inode = names.get(file);
    return inode == null ? ABSENT : inode.content;
  }

  Set<Path> namesSeen() {
    return Set.copyOf(names.keySet());
  }

  boolean somethingWasForcedAgainAfterAFailure() {
    return inodes.stream().anyMatch(inode -> inode.forceFailed && inode.forces > 1);
  }

  /** Everything that the file may be after the power comes back. */
  Set<String> afterPowerLoss(Path file) {
    Set<String> possible = new HashSet<>();
    for (int kept = 0; kept < 1 << pending.size(); kept++) {
      Map<Path, Inode> found = new TreeMap<>(durable);
      for (int i = 0; i < pending.size(); i++) {
        if ((kept & (1 << i)) != 0) {
          change(found, pending.get(i));
        }
      }
      Inode inode = found.get(file);
      possible.addAll(inode == null ? Set.of(ABSENT) : inode.maybe);
    }
    return possible;
  }

  @Override
  public NewFile create(Path file) throws IOException {
    call("create");
    if (names.containsKey(file)) {
      throw new FileAlreadyExistsException(file.toString());
    }
    Inode inode = new Inode();
    inodes.add(inode);
    rename(new NameChange(file, file, inode));
    return new Written(inode);
  }

  @Override
  public void rename(Path from, Path to) throws IOException {
    call("rename");
    Inode inode = names.get(from);
    if (inode == null) {
      throw new NoSuchFileException(from.toString());
    }
    rename(new NameChange(from, to, inode));
  }

  @Override
  public void forceDirectory(Path directory) throws IOException {
    call("forceDirectory");
    durable.clear();
    durable.putAll(names);
    pending.clear();
  }

  @Override
  public void delete(Path file) {
    names.remove(file);
  }

  private void rename(NameChange change) {
    pending.add(change);
    change(names, change);
  }

  private static void change(Map<Path, Inode> names, NameChange change) {
    names.remove(change.removed());
    names.put(change.set(), change.inode());
  }

  private void call(String what) throws IOException {
    if (countdown-- == 0) {
      if (powerLoss) {
        throw new PowerLost();
      }
      throw new IOException("input/output error in " + what);
    }
  }

  private final class Written implements NewFile {
    private final Inode inode;

    Written(Inode inode) {
      this.inode = inode;
    }

    @Override
    public void write(byte[] content) throws IOException {
      String text = new String(content, StandardCharsets.UTF_8);
      inode.content = text.substring(0, text.length() / 2);
      inode.maybe = Set.of("", inode.content);
      call("write"); // The disk may be full after a half of it.
      inode.content = text;
      inode.maybe = Set.of("", text.substring(0, text.length() / 2), text);
    }

    @Override
    public void permit(Set<PosixFilePermission> permissions) throws IOException {
      call("permit");
    }

    @Override
    public void force() throws IOException {
      inode.forces++;
      inode.forceFailed = true;
      call("force");
      inode.forceFailed = false;
      inode.maybe = Set.of(inode.content);
    }

    @Override
    public void close() {}
  }
}
