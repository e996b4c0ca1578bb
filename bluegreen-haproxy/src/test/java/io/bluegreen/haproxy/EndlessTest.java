package io.bluegreen.haproxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.bluegreen.Group;
import io.bluegreen.Router.Opening;
import io.bluegreen.RouterException;
import io.bluegreen.RouterException.Effect;
import io.bluegreen.Service;
import io.bluegreen.TimeSource;
import io.bluegreen.haproxy.RuntimeApiException.Kind;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.ProcessBuilder.Redirect;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whatever is at the other end, and in the files, can't use up the memory of the host. */
class EndlessTest {
  @TempDir Path dir;

  /** What is done in a JVM of 64 MB: each command, and whole questions of a router. */
  public static void main(String[] args) throws IOException {
    Path dir = Path.of(args[0]);
    for (String chunk : List.of("x", "0x1 a b\n")) {
      try (Endless endless = new Endless(dir.resolve("s"), chunk)) {
        RuntimeApi api = RuntimeApi.unix(endless.path);
        MasterApi master = MasterApi.unix(endless.path);
        List<Consumer<RuntimeApi>> questions =
            List.of(
                RuntimeApi::stats,
                RuntimeApi::sessions,
                a -> a.map(Path.of("/m")),
                a -> a.queries().stats(Set.of("web")),
                a -> a.queries().servers(Set.of("web")),
                a -> a.queries().sessions("web", "s1"),
                a -> master.workers());
        for (Consumer<RuntimeApi> question : questions) {
          try {
            question.accept(api);
            System.out.println("answered");
          } catch (RuntimeApiException e) {
            if (e.kind() != Kind.NOT_UNDERSTOOD && e.kind() != Kind.TIMED_OUT) {
              System.out.println(e);
            }
          }
        }
        for (HaproxyRouter builder :
            List.of(
                HaproxyRouter.map(dir.resolve("m"), api),
                HaproxyRouter.server(dir.resolve("f"), api))) {
          try (HaproxyRouter router = builder.master(master)) {
            router.open(new Opening(group(), Optional.empty(), 0));
            System.out.println("opened");
          } catch (RouterException e) {
            if (e.effect() != Effect.UNCHANGED) {
              System.out.println(e);
            }
          }
        }
      }
    }
    files(dir);
    System.out.println("done");
  }

  private static void files(Path dir) throws IOException {
    for (String text : List.of("a\n", "server a b c d\n", "backend b\n", "x ")) {
      for (int size : new int[] {16 << 20, 4 << 20}) {
        Path file = dir.resolve("big");
        byte[] bytes = text.repeat(8192).getBytes(StandardCharsets.US_ASCII);
        try (RandomAccessFile out = new RandomAccessFile(file.toFile(), "rw")) {
          out.setLength(0);
          for (int n = 0; n + bytes.length <= size; n += bytes.length) {
            out.write(bytes);
          }
        }
        try {
          ConfigFile.read(file);
        } catch (IOException e) {
          System.out.println("refused");
        }
        try {
          new MapFile(new RecordFile(file)).read(group());
        } catch (IOException e) {
          System.out.println("refused");
        }
        try {
          new StateFile(new RecordFile(file)).read();
        } catch (IOException | RuntimeApiException e) {
          System.out.println("refused");
        }
      }
    }
  }

  private static Group group() {
    return new Group(
        "shop",
        List.of(Service.named("web").blue("http://127.0.0.1:1").green("http://127.0.0.1:2")));
  }

  @Test
  void hostOfLittleMemoryRefusesEndlessRepliesAndHugeFiles() throws Exception {
    Process child =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx64m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                EndlessTest.class.getName(),
                dir.toString())
            .redirectErrorStream(true)
            .redirectOutput(Redirect.to(dir.resolve("out").toFile()))
            .start();
    try {
      assertThat(child.waitFor(120, TimeUnit.SECONDS)).isTrue();
    } finally {
      child.destroyForcibly();
    }
    assertThat(Files.readAllLines(dir.resolve("out")))
        .containsOnly("refused", "done")
        .last()
        .isEqualTo("done");
  }

  @Test
  void replyThatIsLongerThanItsCommandCanHaveIsRefusedForThat() throws IOException {
    try (Endless endless = new Endless(dir.resolve("s"), "Pid: 1\n")) {
      RuntimeApi api = RuntimeApi.unix(endless.path);
      RuntimeApiException asked = catchThrowableOfType(RuntimeApiException.class, api::info);
      assertThat(asked.kind()).isEqualTo(Kind.NOT_UNDERSTOOD);
      assertThat(asked)
          .hasMessageContaining("longer than HAProxy's can be")
          .hasMessageContaining("65536");
      assertThat(asked.mayHaveActed()).isFalse();
      RuntimeApiException acted =
          catchThrowableOfType(RuntimeApiException.class, () -> api.setWeight("web", "blue", 1));
      assertThat(acted.mayHaveActed()).isTrue();
      HaproxyRouter router = HaproxyRouter.map(dir.resolve("m"), api);
      RouterException opened =
          catchThrowableOfType(
              RouterException.class, () -> router.open(new Opening(group(), Optional.empty(), 0)));
      assertThat(opened.effect()).isEqualTo(Effect.UNCHANGED);
      assertThat(opened).hasMessageContaining("longer than HAProxy's can be");
      router.close();
    }
  }

  @Test
  void replyThatComesByteByByteIsEndedByItsDeadline() throws IOException {
    try (Endless endless = new Endless(dir.resolve("s"), "")) {
      RuntimeApi api = RuntimeApi.unix(endless.path).within(java.time.Duration.ofMillis(300));
      RuntimeApiException e = catchThrowableOfType(RuntimeApiException.class, api::stats);
      assertThat(e.kind()).isEqualTo(Kind.TIMED_OUT);
    }
  }

  @Test
  void configurationThatIsADeviceOrAPipeIsRefused() throws Exception {
    Path pipe = dir.resolve("pipe");
    assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor()).isZero();
    for (Path file : List.of(pipe, Path.of("/dev/zero"), dir)) {
      IOException e = catchThrowableOfType(IOException.class, () -> ConfigFile.read(file));
      assertThat(e).isNotNull();
    }
  }

  /**
   * Answers every command with the same chunk, without end; an empty one is a byte now and then.
   */
  private static final class Endless implements AutoCloseable {
    final Path path;
    private final TimeSource time = TimeSource.system();
    private final ServerSocketChannel server =
        ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    private final List<Thread> threads = new ArrayList<>();

    Endless(Path path, String chunk) throws IOException {
      this.path = path;
      server.bind(UnixDomainSocketAddress.of(path), 50);
      Thread thread = new Thread(() -> serve(chunk), "endless");
      thread.setDaemon(true);
      thread.start();
      threads.add(thread);
    }

    private void serve(String chunk) {
      byte[] bytes =
          chunk
              .repeat(chunk.isEmpty() ? 0 : 64 * 1024 / chunk.length())
              .getBytes(StandardCharsets.US_ASCII);
      while (server.isOpen()) {
        try (SocketChannel channel = server.accept()) {
          channel.read(ByteBuffer.allocate(1024));
          while (true) {
            if (bytes.length == 0) {
              time.sleep(java.time.Duration.ofMillis(5));
              channel.write(ByteBuffer.wrap(new byte[] {'x'}));
            } else {
              channel.write(ByteBuffer.wrap(bytes));
            }
          }
        } catch (IOException e) {
          continue; // This client has gone, as it should, or the test is over.
        } catch (InterruptedException e) {
          return;
        }
      }
    }

    @Override
    public void close() throws IOException {
      server.close();
      threads.forEach(Thread::interrupt);
      Files.deleteIfExists(path);
      time.close();
    }
  }
}
