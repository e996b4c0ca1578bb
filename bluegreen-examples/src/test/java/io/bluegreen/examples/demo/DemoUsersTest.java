package io.bluegreen.examples.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.bluegreen.Color;
import io.bluegreen.TimeSource;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class DemoUsersTest {
  private final TimeSource time = TimeSource.system();
  private final RequestJudge ledger = new RequestJudge("web", time);

  @AfterEach
  void endTime() {
    time.close();
  }

  @Test
  void everyRequestIsAnsweredAndCountedOnce() throws Exception {
    try (DemoApplication application = new DemoApplication(0, "v1", Color.BLUE)) {
      InetSocketAddress address = new InetSocketAddress("127.0.0.1", application.port());
      try (DemoUsers load = new DemoUsers(address, ConnectionHabit.KEEPS, ledger, time)) {
        assertThat(load).isNotNull();
        await().until(() -> ledger.totals().requests() > 500);
      }
    }
    assertThat(ledger.totals().failed()).as(ledger.totals()::toString).isZero();
    assertThat(ledger.totals().versions()).containsOnlyKeys("v1");
    assertThat(ledger.totals().versions().get("v1")).isEqualTo(ledger.totals().requests());
  }

  @Test
  void aRequestWhoseConnectionIsClosedUnansweredIsCountedAndNeverSentAgain() throws Exception {
    AtomicInteger seen = new AtomicInteger();
    ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    Thread closer = new Thread(() -> readOneRequestAndClose(server, seen));
    closer.start();
    try (DemoUsers load =
        new DemoUsers(
            new InetSocketAddress("127.0.0.1", server.getLocalPort()),
            ConnectionHabit.KEEPS_AND_RESENDS,
            ledger,
            time)) {
      assertThat(load).isNotNull();
      await().until(() -> ledger.totals().failed() > 20);
    }
    server.close();
    closer.join();
    assertThat(ledger.totals().failed()).isEqualTo(ledger.totals().requests());
    assertThat(seen.get()).isEqualTo((int) ledger.totals().requests());
    assertThat(ledger.totals().retried()).as("of no use before").isZero();
  }

  @ParameterizedTest
  @EnumSource(names = {"KEEPS", "KEEPS_AND_RESENDS"})
  void aRequestOnAConnectionThatWasOfUseIsSentOnceMoreByThoseWhoDoThatAndFailsOtherwise(
      ConnectionHabit habit) throws Exception {
    ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    Thread closer = new Thread(() -> answerTheFirstAndCloseAtTheSecond(server));
    closer.start();
    try (DemoUsers load =
        new DemoUsers(
            new InetSocketAddress("127.0.0.1", server.getLocalPort()), habit, ledger, time)) {
      assertThat(load).isNotNull();
      await().until(() -> ledger.totals().requests() > 100);
    }
    server.close();
    closer.join();
    boolean resends = habit == ConnectionHabit.KEEPS_AND_RESENDS;
    assertThat(ledger.totals().failed() == 0).as(ledger.totals()::toString).isEqualTo(resends);
    assertThat(ledger.totals().retried() > 0).as(ledger.totals()::toString).isEqualTo(resends);
  }

  /** One connection after the other; the clients wait in line. */
  private static void answerTheFirstAndCloseAtTheSecond(ServerSocket server) {
    while (!server.isClosed()) {
      try (Socket socket = server.accept();
          BufferedReader in =
              new BufferedReader(
                  new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII))) {
        readOneRequest(in);
        socket
            .getOutputStream()
            .write(
                "HTTP/1.1 200 OK\r\nX-Color: blue\r\nX-Version: v1\r\nContent-Length: 0\r\n\r\n"
                    .getBytes(StandardCharsets.US_ASCII));
        readOneRequest(in);
      } catch (IOException e) {
        assertThat(server.isClosed()).as(e.toString()).isTrue();
      }
    }
  }

  private static boolean readOneRequest(BufferedReader in) throws IOException {
    String first = in.readLine();
    for (String line = first; line != null && !line.isEmpty(); line = in.readLine()) {
      assertThat(line).isNotBlank();
    }
    return first != null;
  }

  private static void readOneRequestAndClose(ServerSocket server, AtomicInteger seen) {
    while (!server.isClosed()) {
      try (Socket socket = server.accept();
          BufferedReader in =
              new BufferedReader(
                  new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII))) {
        if (readOneRequest(in)) {
          seen.incrementAndGet();
        }
      } catch (IOException e) {
        assertThat(server.isClosed()).as(e.toString()).isTrue();
      }
    }
  }
}
