package io.bluegreen.examples.disk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.CopyOption;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystems;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.util.Set;
import org.apache.lucene.tests.mockfile.FilterFileChannel;
import org.apache.lucene.tests.mockfile.FilterFileSystemProvider;
import org.apache.lucene.tests.mockfile.FilterPath;

/** The real disk, until a fault begins. Every effect on it has a number. Not safe for threads. */
final class FaultyDisk extends FilterFileSystemProvider {
  private DiskFault fault = DiskFault.NONE;
  private int from;
  private int effects;
  private String struck = "";

  FaultyDisk() {
    super("faulty://", FileSystems.getDefault());
  }

  /** Returns a path to the same file, by way of this disk. */
  Path path(Path real) {
    return new FilterPath(real, fileSystem);
  }

  /** Lets a fault begin at the n-th effect from now on. */
  void fail(DiskFault next, int effect) {
    fault = next;
    from = effect;
    effects = 0;
    struck = "";
  }

  /** Ends the fault; returns the first effect that it struck, or nothing if there were too few. */
  String heal() {
    fault = DiskFault.NONE;
    return struck;
  }

  private void effect(DiskFault.Kind kind, Path path) throws IOException {
    effects++;
    if (fault.strikes(kind, effects, from)) {
      if (struck.isEmpty()) {
        struck = kind + " " + path;
      }
      throw new FileSystemException(path.toString(), null, fault.message());
    }
  }

  @Override
  public void createDirectory(Path directory, FileAttribute<?>... attributes) throws IOException {
    effect(DiskFault.Kind.CREATE, directory);
    super.createDirectory(directory, attributes);
  }

  @Override
  public void createSymbolicLink(Path link, Path target, FileAttribute<?>... attributes)
      throws IOException {
    effect(DiskFault.Kind.CREATE, link);
    super.createSymbolicLink(link, target, attributes);
  }

  @Override
  public void createLink(Path link, Path existing) throws IOException {
    effect(DiskFault.Kind.CREATE, link);
    super.createLink(link, existing);
  }

  @Override
  public void delete(Path path) throws IOException {
    effect(DiskFault.Kind.DELETE, path);
    super.delete(path);
  }

  @Override
  public boolean deleteIfExists(Path path) throws IOException {
    effect(DiskFault.Kind.DELETE, path);
    return super.deleteIfExists(path);
  }

  @Override
  public void move(Path source, Path target, CopyOption... options) throws IOException {
    effect(DiskFault.Kind.RENAME, target);
    super.move(source, target, options);
  }

  @Override
  public SeekableByteChannel newByteChannel(
      Path path, Set<? extends OpenOption> options, FileAttribute<?>... attributes)
      throws IOException {
    return options.contains(StandardOpenOption.WRITE)
        ? newFileChannel(path, options, attributes)
        : super.newByteChannel(path, options, attributes);
  }

  @Override
  public FileChannel newFileChannel(
      Path path, Set<? extends OpenOption> options, FileAttribute<?>... attributes)
      throws IOException {
    if (options.contains(StandardOpenOption.WRITE)) {
      effect(DiskFault.Kind.CREATE, path);
    }
    return new FilterFileChannel(super.newFileChannel(path, options, attributes)) {
      @Override
      public int write(ByteBuffer bytes) throws IOException {
        effect(DiskFault.Kind.WRITE, path);
        return super.write(bytes);
      }

      @Override
      public void force(boolean metaData) throws IOException {
        effect(DiskFault.Kind.FORCE, path);
        super.force(metaData);
      }
    };
  }

  @Override
  public Path readSymbolicLink(Path link) throws IOException {
    return path(super.readSymbolicLink(link));
  }

  /** What a link points to may be a path that nobody went to by this disk. */
  @Override
  protected Path toDelegate(Path path) {
    return path instanceof FilterPath ? super.toDelegate(path) : path;
  }
}
