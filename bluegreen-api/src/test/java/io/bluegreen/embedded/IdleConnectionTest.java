package io.bluegreen.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.bluegreen.Color;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/** Applications close idle connections just when a request is sent on them. */
class IdleConnectionTest {
  private static final int CLIENTS = 8;
  private static final int EACH = 100;

  @Test
  void noRequestIsLostWhileTheApplicationClosesIdleConnections() throws Exception {
    try (EmbeddedShop shop = new EmbeddedShop()) {
      // Often as long as the clients pause.
      shop.blue.idleLimit = () -> ThreadLocalRandom.current().nextInt(1, 40);
      List<String> failed = hammer(shop);
      assertThat(failed).isEmpty();
      assertThat(shop.blue.connections).hasValueGreaterThan(CLIENTS);
    }
  }

  @Test
  void requestThatMustNotArriveTwiceIsNotSentOnAnIdleConnection() throws Exception {
    StoppedTime time = new StoppedTime();
    try (EmbeddedShop shop = new EmbeddedShop(EmbeddedRouter.create().time(time));
        RawConnection wire = new RawConnection(shop.port)) {
      wire.get("/");
      passOnceIdle(shop, time, ProxiedRequest.HARDLY_IDLE);
      wire.post("/", new byte[9]);
      assertThat(shop.blue.connections).hasValue(1);
      passOnceIdle(shop, time, ProxiedRequest.HARDLY_IDLE.plusMillis(1));
      wire.post("/", new byte[9]);
      assertThat(shop.blue.connections).hasValue(2);
      // At the limit itself the router may close it before it is asked for.
      passOnceIdle(shop, time, KeptConnections.LIMIT.minusMillis(1));
      wire.get("/");
      assertThat(shop.blue.connections).hasValue(2);
      passOnceIdle(shop, time, KeptConnections.LIMIT.plusMillis(1));
      wire.get("/");
      assertThat(shop.blue.connections).hasValue(3);
    }
  }

  @Test
  void lostAnswerIsAskedForOnceMoreOnlyWhereThatIsSafe() throws Exception {
    try (EmbeddedShop shop = new EmbeddedShop(EmbeddedRouter.create().time(new StoppedTime()));
        RawConnection wire = new RawConnection(shop.port)) {
      for (String method : new String[] {"GET", "HEAD", "OPTIONS", "PUT", "DELETE", "PATCH"}) {
        shop.blue.answer = (request, out) -> TestApp.reply(out, 204, "");
        wire.send("GET", "/warm");
        wire.read(true);
        await().until(() -> shop.inFlight(Color.BLUE).isNone());
        shop.blue.requests.set(0);
        shop.blue.answer = (request, out) -> false;
        wire.send(method, "/");
        assertThat(wire.read(method.equals("HEAD")).status()).isEqualTo(503);
        boolean safe = List.of("GET", "HEAD", "OPTIONS").contains(method);
        assertThat(shop.blue.requests).as(method).hasValue(safe ? 2 : 1);
      }
    }
  }

  @Test
  void idleConnectionIsClosedAfterAWhile() throws Exception {
    try (EmbeddedShop shop = new EmbeddedShop()) {
      CompletableFuture<Integer> ended = new CompletableFuture<>();
      shop.blue.answer =
          (request, out) -> {
            TestApp.reply(out, 200, "x");
            out.flush();
            ended.complete(request.in.read());
            return false;
          };
      assertThat(shop.get("/").status()).isEqualTo(200);
      assertThat(ended.get(60, TimeUnit.SECONDS)).isEqualTo(-1);
    }
  }

  /** The client has its answer a moment before the router keeps the connection. */
  private static void passOnceIdle(EmbeddedShop shop, StoppedTime time, Duration duration) {
    await().until(() -> shop.inFlight(Color.BLUE).isNone());
    time.pass(duration);
  }

  private static List<String> hammer(EmbeddedShop shop) throws Exception {
    List<CompletableFuture<List<String>>> clients = new ArrayList<>();
    for (int i = 0; i < CLIENTS; i++) {
      long seed = i;
      clients.add(
          CompletableFuture.supplyAsync(() -> client(shop, seed), IdleConnectionTest::start));
    }
    List<String> failed = new ArrayList<>();
    for (CompletableFuture<List<String>> client : clients) {
      failed.addAll(client.get(120, TimeUnit.SECONDS));
    }
    return failed;
  }

  private static List<String> client(EmbeddedShop shop, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    List<String> failed = new ArrayList<>();
    try (RawConnection wire = new RawConnection(shop.port)) {
      for (int i = 0; i < EACH; i++) {
        RawConnection.Reply reply = wire.get("/");
        if (reply.status() != 200) {
          failed.add(i + ": " + reply.status());
        }
        LockSupport.parkNanos(TimeUnit.MICROSECONDS.toNanos(random.nextInt(40_000)));
      }
    } catch (IOException e) {
      failed.add(e.toString());
    }
    return failed;
  }

  private static void start(Runnable work) {
    Thread thread = new Thread(work, "client");
    thread.setDaemon(true);
    thread.start();
  }
}
