package io.bluegreen.support;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.InvocationTargetException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who has the lock of a resource, and who is kept out. */
class ResourceLockTest {
  @TempDir Path temp;
  private Path directory;
  private Path file;

  @BeforeEach
  void nameTheFile() throws IOException {
    directory = Files.createDirectory(temp.resolve("resource"));
    file = directory.resolve(".lock");
  }

  @Test
  void whoIsSecondIsRefusedUntilTheFirstHasEnded() throws Exception {
    try (ResourceLock first = take(file)) {
      assertThat(first).isNotNull();
      assertThatThrownBy(() -> take(file))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("somebody else is switching this thing now")
          .hasMessageContaining(file.toString())
          .hasMessageContaining("nothing was changed");
      assertThat(lockedForOthers()).as("the refused one has not dropped the lock").isTrue();
    }
    assertThat(lockedForOthers()).isFalse();
    take(file).close();
  }

  @Test
  void oneDirectoryByTwoNamesIsLockedAsOne() throws Exception {
    Path other = Files.createSymbolicLink(temp.resolve("other"), directory);
    try (ResourceLock held = take(file)) {
      assertThat(held).isNotNull();
      assertThatThrownBy(() -> take(other.resolve(".lock")))
          .hasMessageContaining("somebody else is switching");
      assertThat(lockedForOthers()).as("the refused one has not dropped the lock").isTrue();
    }
    assertThat(lockedForOthers()).isFalse();
  }

  @Test
  void whoClosesTwiceTakesNothingFromTheNext() throws Exception {
    ResourceLock first = take(file);
    first.close();
    try (ResourceLock next = take(file)) {
      assertThat(next).isNotNull();
      first.close();
      assertThatThrownBy(() -> take(file)).hasMessageContaining("somebody else is switching");
      assertThat(lockedForOthers()).isTrue();
    }
  }

  @Test
  void anotherProcessIsKeptOutAndKeepsOthersOutUntilItHasEnded() throws Exception {
    Process other =
        python("fcntl.lockf(f,fcntl.LOCK_EX);print('locked',flush=True);sys.stdin.read()");
    try {
      assertThat(other.getInputStream().read()).isEqualTo('l');
      assertThatThrownBy(() -> take(file)).hasMessageContaining("somebody else is switching");
    } finally {
      other.destroyForcibly().waitFor();
    }
    take(file).close();
  }

  /** An application server gives each application a copy of this class. */
  @Test
  void aCopyOfThisClassIsRefusedAndDoesNotDropTheLock() throws Exception {
    Class<?> copy = new Copy().loadClass(ResourceLock.class.getName());
    try (ResourceLock held = take(file)) {
      assertThat(held).isNotNull();
      for (int i = 0; i < 2; i++) {
        assertThatThrownBy(() -> taken(copy)).hasMessageContaining("somebody else is switching");
        assertThat(lockedForOthers()).isTrue();
      }
    }
    assertThat(lockedForOthers()).isFalse();
    try (AutoCloseable theirs = taken(copy)) {
      assertThat(theirs).isNotNull();
      assertThat(lockedForOthers()).isTrue();
      assertThatThrownBy(() -> take(file)).hasMessageContaining("somebody else is switching");
      assertThat(lockedForOthers()).isTrue();
    }
    assertThat(lockedForOthers()).isFalse();
    take(file).close();
  }

  @Test
  void whatIsNoRegularFileIsNeitherLockedNorWaitedForNorFollowed() throws Exception {
    Path precious = temp.resolve("precious");
    Files.createSymbolicLink(file, precious);
    assertThatThrownBy(() -> take(file)).hasMessageContaining("not a regular file");
    assertThat(precious).doesNotExist();
    Files.delete(file);
    assertThat(new ProcessBuilder("mkfifo", file.toString()).start().waitFor()).isZero();
    assertThat(Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)).isFalse();
    assertThatThrownBy(() -> take(file)).hasMessageContaining("not a regular file");
    Files.delete(file);
    take(file).close();
  }

  @Test
  void aDirectoryThatIsNotThereIsToldByTheNameOfTheFile() {
    Path nowhere = temp.resolve("nowhere/.lock");
    for (int i = 0; i < 2; i++) {
      assertThatThrownBy(() -> take(nowhere))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("can't lock " + nowhere);
    }
  }

  private static ResourceLock take(Path path) throws IOException {
    return ResourceLock.take(path, "this thing");
  }

  private AutoCloseable taken(Class<?> copy) throws Exception {
    try {
      return (AutoCloseable)
          copy.getMethod("take", Path.class, String.class).invoke(null, file, "this thing");
    } catch (InvocationTargetException e) {
      throw (Exception) e.getCause();
    }
  }

  private boolean lockedForOthers() throws Exception {
    return python("fcntl.lockf(f,fcntl.LOCK_EX|fcntl.LOCK_NB)").waitFor() != 0;
  }

  private Process python(String work) throws IOException {
    return new ProcessBuilder(
            "python3", "-c", "import fcntl,sys;f=open(sys.argv[1],'w');" + work, file.toString())
        .redirectError(ProcessBuilder.Redirect.DISCARD)
        .start();
  }

  private static final class Copy extends ClassLoader {
    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
      if (!name.startsWith(ResourceLock.class.getPackageName())) {
        return super.loadClass(name, resolve);
      }
      Class<?> loaded = findLoadedClass(name);
      if (loaded != null) {
        return loaded;
      }
      try (InputStream in = getResourceAsStream(name.replace('.', '/') + ".class")) {
        byte[] bytes = in.readAllBytes();
        return defineClass(name, bytes, 0, bytes.length);
      } catch (IOException e) {
        throw new ClassNotFoundException(name, e);
      }
    }
  }
}
