package io.bluegreen.examples.demo;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/** A directory of the demo's own, deleted with all that is in it, and ports that are free. */
public final class DemoDirectory implements AutoCloseable {
  private final Path directory;

  /** Makes the directory. */
  public DemoDirectory() throws IOException {
    directory = Files.createTempDirectory("bluegreen-demo-").toRealPath();
    // A proxy that root starts has workers that are another user, and must get to their files.
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx--x--x"));
  }

  /** Returns a new directory. */
  public Path directory(String name) throws IOException {
    return Files.createDirectory(directory.resolve(name));
  }

  /**
   * Returns ports of 127.0.0.1 that nothing listens on, outside the range that the system gives to
   * clients; somebody else may be quicker, though.
   */
  public static List<Integer> freePorts(int count) throws IOException {
    List<ServerSocket> sockets = new ArrayList<>();
    try {
      while (sockets.size() < count) {
        int port = ThreadLocalRandom.current().nextInt(10_000, 32_000);
        try {
          sockets.add(
              new ServerSocket(port, 1, InetAddress.getByAddress(new byte[] {127, 0, 0, 1})));
        } catch (BindException taken) {
          // Another one, then.
        }
      }
      return sockets.stream().map(ServerSocket::getLocalPort).toList();
    } finally {
      for (ServerSocket socket : sockets) {
        socket.close();
      }
    }
  }

  @Override
  public void close() throws IOException {
    Files.walkFileTree(
        directory,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.deleteIfExists(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
            if (e instanceof NoSuchFileException) {
              return FileVisitResult.CONTINUE; // A process that is just ending took it away.
            }
            throw e;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path folder, @Nullable IOException e)
              throws IOException {
            Files.deleteIfExists(folder);
            return FileVisitResult.CONTINUE;
          }
        });
  }
}
