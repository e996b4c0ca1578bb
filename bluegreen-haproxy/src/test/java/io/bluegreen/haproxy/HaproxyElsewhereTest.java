package io.bluegreen.haproxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bluegreen.Color;
import io.bluegreen.InFlight;
import io.bluegreen.RouterGuarantee;
import io.bluegreen.RouterReport;
import io.bluegreen.RouterTruth;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;

/**
 * A HAProxy that is reached over TCP: what lies on this machine is only then what it loads, when
 * that is proven. One elsewhere is made of one here and something that passes connections on.
 */
class HaproxyElsewhereTest {
  private final int port = RealHaproxy.freePort();

  @Test
  void processOfThisMachineThatSeesTheVeryFileKeepsEveryPromise() throws Exception {
    try (RenderedGroup stage = stage();
        Forwarder master = new Forwarder(master(stage))) {
      HaproxyRouter router = router(stage, port, master);
      RouterReport report = router.open(stage.opening());
      assertThat(report.guarantees()).contains(RouterGuarantee.RELOAD_SAFE);
      router.apply(stage.change(stage.all(Color.BLUE), stage.all(Color.GREEN)));
      RouterTruth.Known truth = (RouterTruth.Known) router.current();
      assertThat(truth.durableUnknown()).isEmpty();
      assertThat(truth.wholly(stage.all(Color.GREEN))).isTrue();
      assertThat(router.inFlight(stage.group.slot("web", Color.BLUE))).isEqualTo(InFlight.NONE);
      stage.haproxy.reloaded();
      assertThat(((RouterTruth.Known) router.current()).drift()).isEmpty();
    }
  }

  @Test
  void oneElsewhereIsSwitchedAndWhatItsNextReloadServesIsUnknown() throws Exception {
    try (RenderedGroup stage = stage();
        Forwarder admin = new Forwarder(new InetSocketAddress("127.0.0.1", port));
        Forwarder master = new Forwarder(master(stage))) {
      HaproxyRouter router = router(stage, admin.port(), master);
      RouterReport report = router.open(stage.opening());
      assertThat(report.guarantees())
          .doesNotContain(RouterGuarantee.RELOAD_SAFE)
          .contains(
              RouterGuarantee.LOSSLESS, RouterGuarantee.NO_STALE, RouterGuarantee.DRAIN_KNOWN);
      assertThat(report.warnings())
          .filteredOn(warning -> warning.costs().equals(Optional.of(RouterGuarantee.RELOAD_SAFE)))
          .singleElement()
          .satisfies(
              warning -> {
                assertThat(warning.what()).contains("over TCP", stage.map().toString());
                assertThat(warning.remedy()).contains("RuntimeApi.unix(...)", "REPAIR");
              });
      router.apply(stage.change(stage.all(Color.BLUE), stage.all(Color.GREEN)));
      RouterTruth.Known truth = (RouterTruth.Known) router.current();
      assertThat(truth.running()).isEqualTo(stage.all(Color.GREEN));
      assertThat(truth.drift()).isEmpty();
      assertThat(truth.fence()).isEqualTo(1);
      assertThat(truth.durableUnknown().orElseThrow()).contains("over TCP");

      // Whatever lies here is not what it would serve.
      Files.writeString(stage.map(), stage.mapText().replace("100:", "0:"));
      truth = (RouterTruth.Known) router.current();
      assertThat(truth.running()).isEqualTo(stage.all(Color.GREEN));
      assertThat(truth.durable()).isEqualTo(truth.running());
      assertThat(truth.durableUnknown()).isPresent();
    }
  }

  @Test
  void addressIsToBeResolved() {
    assertThatThrownBy(() -> MasterApi.tcp(InetSocketAddress.createUnresolved("nowhere", 1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("not resolved");
  }

  private RenderedGroup stage() {
    RenderedGroup stage =
        new RenderedGroup(
            RenderOptions.defaults(),
            config ->
                config.replaceFirst(
                    "(?m)^(\\s+stats socket .*)$",
                    "$1\n    stats socket ipv4@127.0.0.1:" + port + " level admin"),
            "api",
            "web");
    stage.healthy();
    return stage;
  }

  private static SocketAddress master(RenderedGroup stage) {
    return UnixDomainSocketAddress.of(stage.haproxy.dir.resolve("master.sock"));
  }

  /** The master is reached over TCP in any case, by what passes its connections on. */
  private static HaproxyRouter router(RenderedGroup stage, int admin, Forwarder master) {
    return stage.kept(
        HaproxyRouter.map(stage.map(), RuntimeApi.tcp(new InetSocketAddress("127.0.0.1", admin)))
            .master(MasterApi.tcp(new InetSocketAddress("127.0.0.1", master.port()))));
  }

  /** Listens at a TCP port, as a tunnel does, and knows nothing of what it passes on. */
  private static final class Forwarder implements AutoCloseable {
    private final ServerSocketChannel server = ServerSocketChannel.open();
    private final Queue<SocketChannel> open = new ConcurrentLinkedQueue<>();
    private final SocketAddress real;

    Forwarder(SocketAddress real) throws IOException {
      this.real = real;
      server.bind(new InetSocketAddress("127.0.0.1", 0));
      daemon(this::accept);
    }

    int port() {
      return server.socket().getLocalPort();
    }

    private void accept() {
      try {
        while (true) {
          SocketChannel client = server.accept();
          SocketChannel there = SocketChannel.open(real);
          open.addAll(List.of(client, there));
          daemon(() -> pass(client, there));
          daemon(() -> pass(there, client));
        }
      } catch (IOException closed) {
        // The test is over, or nobody listens there.
      }
    }

    private static void pass(SocketChannel from, SocketChannel to) {
      ByteBuffer some = ByteBuffer.allocate(16 * 1024);
      try {
        while (from.read(some.clear()) >= 0) {
          some.flip();
          while (some.hasRemaining()) {
            to.write(some);
          }
        }
        to.shutdownOutput();
      } catch (IOException ended) {
        // By one side; the other one sees it, too.
      }
    }

    private static void daemon(Runnable work) {
      Thread thread = new Thread(work, "forwarder");
      thread.setDaemon(true);
      thread.start();
    }

    @Override
    public void close() throws IOException {
      server.close();
      for (SocketChannel channel : open) {
        channel.close();
      }
    }
  }
}
