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

class LoadTest {
  private final TimeSource time = TimeSource.system();
  private final Ledger ledger = new Ledger("web", time);

  @AfterEach
  void endTime() {
    time.close();
  }

  @Test
  void everyRequestIsAnsweredAndCountedOnce() throws Exception {
    try (DemoApplication application = new DemoApplication(0, "v1", Color.BLUE)) {
      InetSocketAddress address = new InetSocketAddress("127.0.0.1", application.port());
      try (Load load = new Load(address, ledger, time)) {
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
    try (Load load =
        new Load(new InetSocketAddress("127.0.0.1", server.getLocalPort()), ledger, time)) {
      assertThat(load).isNotNull();
      await().until(() -> ledger.totals().failed() > 20);
    }
    server.close();
    closer.join();
    assertThat(ledger.totals().failed()).isEqualTo(ledger.totals().requests());
    assertThat(seen.get()).isEqualTo((int) ledger.totals().requests());
  }

  private static void readOneRequestAndClose(ServerSocket server, AtomicInteger seen) {
    while (!server.isClosed()) {
      try (Socket socket = server.accept();
          BufferedReader in =
              new BufferedReader(
                  new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII))) {
        String first = in.readLine();
        for (String line = first; line != null && !line.isEmpty(); line = in.readLine()) {
          assertThat(line).isNotBlank();
        }
        if (first != null) {
          seen.incrementAndGet();
        }
      } catch (IOException e) {
        assertThat(server.isClosed()).as(e.toString()).isTrue();
      }
    }
  }
}
