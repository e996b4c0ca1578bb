package io.bluegreen.embedded;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.bluegreen.Color;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/** Limits of what one client or application may use of the router and its log. */
class LimitsTest {
  private static final Duration MOMENT = Duration.ofMillis(1);

  @ParameterizedTest
  @ValueSource(
      strings = {
        "POST / HTTP/1.1\r\nHost: shop\r\nContent-Length: 9\r\n\r\npart",
        "POST / HTTP/1.1\r\nHost: shop\r\nTransfer-Encoding: chunked\r\n\r\n9\r\npart",
        "POST / HTTP/1.1\r\nHost: shop\r\nTransfer-Encoding: chunked\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: shop\r\nX: half a he",
      })
  void silentClientIsTold408AndHoldsNothing(String half) throws Exception {
    StoppedTime time = new StoppedTime();
    try (EmbeddedShop shop = shop(time);
        RawConnection wire = new RawConnection(shop.port)) {
      wire.write(half);
      await().until(() -> half.startsWith("GET") || !shop.inFlight(Color.BLUE).isNone());
      CompletableFuture<String> all = reading(wire);
      await()
          .until(
              () -> {
                time.pass(RequestGuard.SILENCE_LIMIT.plus(MOMENT));
                return all.isDone();
              });
      assertThat(all.get()).startsWith("HTTP/1.1 408 ").contains("Connection: close");
      await().until(() -> shop.inFlight(Color.BLUE).isNone());
    }
  }

  @Test
  void bodyThatComesByDropsIsNotWaitedForWithoutEnd() throws Exception {
    StoppedTime time = new StoppedTime();
    try (EmbeddedShop shop = shop(time);
        RawConnection wire = new RawConnection(shop.port)) {
      wire.write("POST / HTTP/1.1\r\nHost: shop\r\nContent-Length: 1000\r\n\r\n");
      CompletableFuture<String> all = reading(wire);
      await()
          .until(
              () -> {
                time.pass(RequestGuard.SILENCE_LIMIT.dividedBy(10));
                try {
                  wire.write("x");
                } catch (IOException ended) {
                  return true;
                }
                return all.isDone();
              });
      await().until(() -> shop.inFlight(Color.BLUE).isNone());
    }
  }

  @Test
  void applicationThatTakesItsTimeOverABodyMakesNoClientSlow() throws Exception {
    StoppedTime time = new StoppedTime();
    byte[] body = new byte[16 * 1024 * 1024];
    CompletableFuture<Void> readOn = new CompletableFuture<>();
    try (EmbeddedShop shop =
            new EmbeddedShop(
                EmbeddedRouter.create().time(time),
                new TestApp(
                    (request, out) -> {
                      readOn.get(60, TimeUnit.SECONDS);
                      return TestApp.reply(out, 200, "" + request.body().length);
                    }),
                TestApp.saying("green"));
        RawConnection wire = new RawConnection(shop.port)) {
      CompletableFuture<RawConnection.Reply> reply = new CompletableFuture<>();
      Thread client = new Thread(() -> post(wire, body, reply), "client");
      client.setDaemon(true);
      client.start();
      await().until(() -> shop.blue.requests.get() == 1);
      time.pass(RequestGuard.BODY_LIMIT.multipliedBy(2));
      // The limit of a silent client would have been looked at by now, had it been set.
      try (RawConnection other = new RawConnection(shop.port)) {
        other.write("GET / HTTP/1.1\r\nHost: sh");
        CompletableFuture<String> silent = reading(other);
        await()
            .until(
                () -> {
                  time.pass(RequestGuard.HEAD_LIMIT.plus(MOMENT));
                  return silent.isDone();
                });
      }
      readOn.complete(null);
      assertThat(reply.get(60, TimeUnit.SECONDS).body()).isEqualTo("" + body.length);
    }
  }

  /**
   * The router sends the 100 where the application does not; the time before the 100 never counts.
   */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void clientThatWaitsFor100IsNotSlow(boolean applicationIsSilent) throws Exception {
    StoppedTime time = new StoppedTime();
    CompletableFuture<Void> goOn = new CompletableFuture<>();
    try (EmbeddedShop shop =
            new EmbeddedShop(
                EmbeddedRouter.create().time(time),
                new TestApp(
                    (request, out) -> {
                      goOn.get(60, TimeUnit.SECONDS);
                      out.write("HTTP/1.1 100 Continue\r\n\r\n".getBytes(ISO_8859_1));
                      out.flush();
                      return TestApp.reply(out, 200, "" + request.body().length);
                    }),
                TestApp.saying("green"));
        RawConnection wire = new RawConnection(shop.port)) {
      wire.send("POST", "/", "Expect: 100-continue", "Content-Length: 3");
      await().until(() -> shop.blue.requests.get() == 1);
      if (applicationIsSilent) {
        CompletableFuture<Integer> told = CompletableFuture.supplyAsync(() -> status(wire));
        await()
            .until(
                () -> {
                  time.pass(RequestGuard.SILENCE_LIMIT.dividedBy(4)); // else it is late itself
                  return told.isDone();
                });
        assertThat(told.get()).isEqualTo(100);
        goOn.complete(null);
      } else {
        time.pass(RequestGuard.SILENCE_LIMIT.minus(MOMENT));
        goOn.complete(null);
        assertThat(status(wire)).isEqualTo(100);
        time.pass(RequestGuard.SILENCE_LIMIT.minus(MOMENT));
      }
      wire.write("abc");
      assertThat(wire.read(false).body()).isEqualTo("3");
    }
  }

  private static int status(RawConnection wire) {
    try {
      return wire.read(true).status();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void thousandCookiesAreTheApplicationsAffair() throws IOException {
    String[] lines = new String[1_001];
    for (int i = 0; i < 1_000; i++) {
      lines[i] = "Cookie: c" + i + "=v";
    }
    lines[1_000] = "Cookie: cohort=00000000000000ff";
    String one = "Cookie: " + String.join("; ", lines).replace("Cookie: ", "");
    try (EmbeddedShop shop = new EmbeddedShop(EmbeddedRouter.create().stickyCookie("cohort"))) {
      for (RawConnection.Reply reply : List.of(shop.get("/", lines), shop.get("/", one))) {
        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.header("Set-Cookie")).isNull();
      }
    }
  }

  @Test
  void mistakesOfClientsAreNoErrorInTheLog() throws Exception {
    try (EmbeddedShop shop =
            new EmbeddedShop(
                (request, out) -> TestApp.reply(out, 200, "" + request.body().length));
        Logged logged = new Logged()) {
      for (String bad :
          new String[] {
            "garbage\r\n\r\n",
            "GET / HTTP/1.1\r\n\r\n",
            "GET /\u0000 HTTP/1.1\r\nHost: shop\r\n\r\n",
            "GET /?" + "a&".repeat(RequestHead.MOST_PARAMETERS) + " HTTP/1.1\r\nHost: shop\r\n\r\n",
            "GET /%zz HTTP/1.1\r\nHost: shop\r\n\r\n",
            "GET / HTTP/1.1\r\nHost: shop\r\n" + "X: y\r\n".repeat(3_000) + "\r\n",
            "GET / HTTP/1.1\r\nHost: shop\r\nCookie: \"\r\n\r\n",
            "POST / HTTP/1.1\r\nHost: shop\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
            "POST / HTTP/1.1\r\nHost: shop\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nxx\r\n",
            "POST / HTTP/1.1\r\nHost: shop\r\nContent-Length: 9\r\n\r\nhalf",
            "POST / HTTP/1.1\r\nHost: shop\r\nExpect: 100-continue\r\nContent-Length: 9\r\n\r\n",
            "GET / HTTP/1.1\r\nHost: shop\r\nExpect: else\r\n\r\n",
          }) {
        try (RawConnection wire = new RawConnection(shop.port)) {
          wire.write(bad);
          if (!bad.contains("Content-Length")) {
            wire.socket.shutdownOutput();
            assertThat(reading(wire).get(60, TimeUnit.SECONDS)).as(bad).startsWith("HTTP/1.1 ");
          }
        }
      }
      assertThat(shop.get("/").status()).isEqualTo(200);
      shop.blue.close(); // an application that is down may not fill the log either
      assertThat(shop.get("/").status()).isEqualTo(503);
      await().until(() -> shop.inFlight(Color.BLUE).isNone());
      assertThat(logged.errors()).isEmpty();
    }
  }

  private static EmbeddedShop shop(StoppedTime time) throws IOException {
    return new EmbeddedShop(
        EmbeddedRouter.create().time(time),
        new TestApp((request, out) -> TestApp.reply(out, 200, "" + request.body().length)),
        TestApp.saying("green"));
  }

  private static void post(
      RawConnection wire, byte[] body, CompletableFuture<RawConnection.Reply> reply) {
    try {
      reply.complete(wire.post("/", body));
    } catch (IOException e) {
      reply.completeExceptionally(e);
    }
  }

  /** Everything up to the end of the connection, also if it is reset. */
  private static CompletableFuture<String> reading(RawConnection wire) {
    CompletableFuture<String> all = new CompletableFuture<>();
    Thread reader =
        new Thread(
            () -> {
              StringBuilder text = new StringBuilder();
              try {
                for (int c = wire.in.read(); c >= 0; c = wire.in.read()) {
                  text.append((char) c);
                }
              } catch (IOException reset) {
                text.append(""); // what came before counts
              }
              all.complete(text.toString());
            },
            "reader");
    reader.setDaemon(true);
    reader.start();
    return all;
  }

  /** Keeps the log lines of all loggers of this JVM. */
  private static final class Logged implements AutoCloseable {
    private final Logger root = (Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME);
    private final ListAppender<ILoggingEvent> events = new ListAppender<>();

    Logged() {
      events.start();
      root.addAppender(events);
    }

    List<String> errors() {
      return events.list.stream()
          .filter(event -> event.getLevel().isGreaterOrEqual(Level.WARN))
          .filter(
              event ->
                  event.getLoggerName().startsWith("io.undertow")
                      || event.getLoggerName().startsWith("io.bluegreen.embedded")
                      || event.getLoggerName().startsWith("org.xnio"))
          .map(ILoggingEvent::getFormattedMessage)
          .toList();
    }

    @Override
    public void close() {
      root.detachAppender(events);
    }
  }
}
