package io.bluegreen.nginx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.bluegreen.Color;
import io.bluegreen.InFlight;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Looks for a moment when nginx tells that nothing is in flight although something is: under load,
 * with WebSockets and streams of HTTP/2 that are held over switches, reloads, workers that are
 * killed and clients that go away. {@code -Drounds=300 -Dseed=7} makes it long.
 */
@Tag("long")
class FlightTortureTest {
  private static final int ROUNDS = Integer.getInteger("rounds", 6);
  private static final long SEED = Long.getLong("seed", 1);

  /** What happens to nginx and its clients before a switch, and again after it. */
  private enum Trouble {
    NONE,
    RELOAD,
    KILLED_WORKER,
    CLIENT_GONE
  }

  @TempDir static Path temp;
  private final Random random = new Random(SEED);
  private final List<NginxClient> sockets = new ArrayList<>();
  private final List<SocketChannel> connections = new ArrayList<>();
  private final int http2 = NginxPorts.free();
  private FlightScene scene;
  private int streams;

  /**
   * False in reload mode: while nginx replaces workers, it counts the former workers instead of
   * requests.
   */
  private boolean exact;

  private long asked;
  private long unknown;

  FlightTortureTest() throws IOException {}

  @AfterEach
  void stopNginx() throws Exception {
    scene.router.close();
    scene.close();
  }

  @Test
  void liveModeTellsThatNothingIsInFlightOnlyIfNothingIs() throws Exception {
    exact = true;
    NginxLoad load = torture(FlightScene.live(temp));
    assertThat(load.stale).as(load::toString).hasValue(0);
  }

  @Test
  void reloadModeTellsThatNothingIsInFlightOnlyIfNothingIs() throws Exception {
    torture(FlightScene.reload(temp));
  }

  private NginxLoad torture(FlightScene tortured) throws Exception {
    scene = tortured;
    scene.reload(
        text ->
            text.replaceFirst(
                "listen 127", "listen 127.0.0.1:" + http2 + " http2;\n    listen 127"));
    scene.open();
    int killed = 0;
    NginxLoad load = NginxLoad.on(scene.shop.door("web"), 0, 2);
    try (load) {
      for (int round = 0; round < ROUNDS; round++) {
        Color former = round % 2 == 0 ? Color.BLUE : Color.GREEN;
        Trouble before = trouble();
        Trouble after = trouble();
        String what = "round " + round + " of seed " + SEED + ": " + before + ", " + after;
        boolean kills = before == Trouble.KILLED_WORKER || after == Trouble.KILLED_WORKER;
        killed += kills ? 1 : 0;
        long failed = load.failed.get();
        hold(former);
        make(before);
        load.moving();
        scene.to(former.other());
        load.settled(former.other());
        make(after);
        assertAllSeen(former, exact && !kills, what);
        letAllGo();
        await(what).until(() -> inFlight(former).isNone());
        long begun = scene.shop.begun(former);
        awaitRequests(load, 50);
        if (!kills) {
          // Where a worker was killed its backend may read late what it was sent before.
          assertThat(scene.shop.begun(former)).as(what).isEqualTo(begun);
          assertThat(load.failed).as(what + ": " + load).hasValue(failed);
        }
      }
    }
    assertThat(unknown).as("of " + asked + " answers").isLessThan(asked);
    System.out.println(
        "TORTURE of "
            + scene.state.getFileName()
            + " mode, "
            + ROUNDS
            + " rounds of seed "
            + SEED
            + ", workers killed in "
            + killed
            + ": "
            + asked
            + " answers, unknown "
            + unknown
            + "; "
            + load.requests
            + " requests, failed "
            + load.failed
            + " (workers killed), stale "
            + load.stale);
    return load;
  }

  private Trouble trouble() {
    return Trouble.values()[random.nextInt(Trouble.values().length)];
  }

  private void hold(Color live) throws IOException {
    for (int i = 1 + random.nextInt(4); i > 0; i--) {
      sockets.add(scene.webSocket());
    }
    for (int i = random.nextInt(3); i > 0; i--) {
      SocketChannel connection = Http2Frames.connect(http2);
      Http2Frames.get(connection, 1, "/held?first=10");
      Http2Frames.get(connection, 3, "/held?first=10");
      connection.configureBlocking(false);
      connections.add(connection);
      streams += 2;
    }
    await().until(() -> inFlight(live).count().orElse(0) >= sockets.size() + streams);
  }

  private void make(Trouble trouble) throws Exception {
    switch (trouble) {
      case NONE -> {}
      case RELOAD -> scene.reload(text -> text);
      case KILLED_WORKER -> {
        List<ProcessHandle> workers = scene.nginx.workers();
        ProcessHandle worker = workers.get(random.nextInt(workers.size()));
        assertThat(worker.destroyForcibly()).isTrue();
        worker.onExit().join();
      }
      case CLIENT_GONE -> {
        if (!sockets.isEmpty()) {
          sockets.remove(0).close();
        }
        if (!connections.isEmpty()) {
          Http2Frames.reset(connections.get(0), 1);
          connections.remove(0).close();
          streams -= 2;
        }
      }
    }
  }

  /**
   * A connection that lives before the question and after it was in flight in between. Right after
   * a worker was killed the number may be too small (once it was 1 instead of 2), but never 0.
   */
  private void assertAllSeen(Color former, boolean all, String what) throws IOException {
    for (int i = 0; i < 5; i++) {
      dropDead();
      InFlight told = inFlight(former);
      dropDead();
      int alive = sockets.size() + streams;
      int least = all ? alive : Math.min(1, alive);
      told.count()
          .ifPresent(
              count -> assertThat(count).as(what + ": " + told).isGreaterThanOrEqualTo(least));
    }
  }

  /** Forgets the connections whose worker was killed. */
  private void dropDead() {
    sockets.removeIf(socket -> !answers(socket));
    connections.removeIf(
        connection -> {
          boolean dead = isClosed(connection);
          streams -= dead ? 2 : 0;
          return dead;
        });
  }

  private static boolean answers(NginxClient socket) {
    try {
      socket.write("x");
      return socket.read() == 'x';
    } catch (IOException gone) {
      return false;
    }
  }

  private static boolean isClosed(SocketChannel connection) {
    try {
      int read;
      do {
        read = connection.read(ByteBuffer.allocate(4096));
      } while (read > 0);
      return read < 0;
    } catch (IOException gone) {
      return true;
    }
  }

  private void letAllGo() throws IOException {
    for (NginxClient socket : sockets) {
      socket.close();
    }
    for (SocketChannel connection : connections) {
      connection.close();
    }
    sockets.clear();
    connections.clear();
    streams = 0;
  }

  private InFlight inFlight(Color color) {
    InFlight told = scene.inFlight(color);
    asked++;
    unknown += told.count().isEmpty() ? 1 : 0;
    return told;
  }

  private static void awaitRequests(NginxLoad load, int more) {
    long before = load.requests.get();
    await().pollInterval(Duration.ofMillis(5)).until(() -> load.requests.get() > before + more);
  }
}
