package io.bluegreen.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
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
    try (Shop shop = new Shop()) {
      // Often just what the clients pause.
      shop.blue.idleLimit = () -> ThreadLocalRandom.current().nextInt(1, 40);
      List<String> failed = hammer(shop, "GET");
      assertThat(failed).isEmpty();
      assertThat(shop.blue.connections).hasValueGreaterThan(CLIENTS);
    }
  }

  @Test
  void aRequestThatMustNotArriveTwiceIsNotSentOnAnIdleConnection() throws Exception {
    try (Shop shop = new Shop()) {
      shop.blue.idleLimit = () -> ThreadLocalRandom.current().nextInt(500, 700);
      List<String> failed = hammer(shop, "POST");
      assertThat(failed).isEmpty();
      assertThat(shop.blue.requests).hasValue(CLIENTS * EACH);
    }
  }

  @Test
  void aLostAnswerIsAskedForOnceMoreOnlyWhereThatIsSafe() throws Exception {
    try (Shop shop = new Shop();
        Wire wire = new Wire(shop.port)) {
      for (String method : new String[] {"GET", "HEAD", "OPTIONS", "PUT", "DELETE", "PATCH"}) {
        shop.blue.answer = (request, out) -> TestApp.reply(out, 204, "");
        wire.send("GET", "/warm");
        wire.read(true);
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
  void anIdleConnectionIsClosedAfterAWhile() throws Exception {
    try (Shop shop = new Shop()) {
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

  private static List<String> hammer(Shop shop, String method) throws Exception {
    List<CompletableFuture<List<String>>> clients = new ArrayList<>();
    for (int i = 0; i < CLIENTS; i++) {
      long seed = i;
      clients.add(
          CompletableFuture.supplyAsync(
              () -> client(shop, method, seed), IdleConnectionTest::start));
    }
    List<String> failed = new ArrayList<>();
    for (CompletableFuture<List<String>> client : clients) {
      failed.addAll(client.get(120, TimeUnit.SECONDS));
    }
    return failed;
  }

  private static List<String> client(Shop shop, String method, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    List<String> failed = new ArrayList<>();
    try (Wire wire = new Wire(shop.port)) {
      for (int i = 0; i < EACH; i++) {
        Wire.Reply reply = method.equals("POST") ? wire.post("/", new byte[9]) : wire.get("/");
        if (reply.status() != 200) {
          failed.add(method + " " + i + ": " + reply.status());
        }
        LockSupport.parkNanos(TimeUnit.MICROSECONDS.toNanos(random.nextInt(40_000)));
      }
    } catch (IOException e) {
      failed.add(method + ": " + e);
    }
    return failed;
  }

  private static void start(Runnable work) {
    Thread thread = new Thread(work, "client");
    thread.setDaemon(true);
    thread.start();
  }
}
