package io.bluegreen.nginx;

import static org.assertj.core.api.Assertions.assertThat;

import io.bluegreen.Group;
import io.bluegreen.Service;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Measures what it costs nginx to count the requests in flight: the processor time that its worker
 * takes for a request, compared with the same configuration without the lines. Both run in turn.
 * {@code -Drounds=300} makes it exact.
 */
@Tag("long")
class FlightCostTest {
  private static final int ROUNDS = Integer.getInteger("rounds", 10);

  /** Requests of one load; each round has two loads of each kind. */
  private static final int REQUESTS = 500;

  private static final int AT_ONCE = 50;

  @TempDir Path temp;

  @Test
  void countingCostsLittle() throws Exception {
    RealNginx.open(temp);
    int backend = NginxPorts.free();
    int counted = NginxPorts.free();
    int uncounted = NginxPorts.free();
    try (RealNginx application = application(backend);
        RealNginx counting = nginx(backend, counted, true);
        RealNginx plain = nginx(backend, uncounted, false)) {
      assertThat(application.workers()).isNotEmpty();
      load(counted);
      load(uncounted);
      List<Double> ratios = new ArrayList<>();
      for (int round = 0; round < ROUNDS; round++) {
        // Both orders, so that neither kind always runs first.
        long with = -nanos(counting);
        long without = -nanos(plain);
        load(counted);
        load(uncounted);
        load(uncounted);
        load(counted);
        with += nanos(counting);
        without += nanos(plain);
        ratios.add((double) with / without);
      }
      Collections.sort(ratios);
      double ratio = ratios.get(ROUNDS / 2);
      System.out.printf(
          "COST of counting: %.3f times the time of nginx's worker (quartiles %.3f and %.3f of %d"
              + " rounds)%n",
          ratio, ratios.get(ROUNDS / 4), ratios.get(ROUNDS * 3 / 4), ROUNDS);
      assertThat(ratio).isLessThan(1.3);
    }
  }

  private RealNginx application(int port) throws Exception {
    Path conf = Files.createDirectory(temp.resolve("application")).resolve("nginx.conf");
    Files.writeString(
        conf,
        """
        worker_processes 1;
        pid %1$s/nginx.pid;
        error_log %1$s/error.log;
        events { }
        http {
          access_log off;
          keepalive_requests 1000000;
          server { listen 127.0.0.1:%2$d; location / { return 200 "blue"; } }
        }
        """
            .formatted(conf.getParent(), port));
    return new RealNginx(conf);
  }

  private RealNginx nginx(int backend, int port, boolean counting) throws Exception {
    String application = "http://127.0.0.1:" + backend;
    Group group =
        new Group(
            "shop",
            List.of(
                Service.named("web")
                    .blue(application)
                    .green("http://127.0.0.1:" + NginxPorts.free())
                    .frontDoor("http://127.0.0.1:" + port)));
    Path home = Files.createDirectory(temp.resolve("nginx" + counting));
    String conf = new LiveConfig(group, NginxSettings.live(home), counting).render();
    assertThat(conf.contains("limit_conn")).isEqualTo(counting);
    return new RealNginx(
        Files.writeString(
            home.resolve("nginx.conf"),
            conf.replace("worker_processes auto", "worker_processes 1")
                .replace("http {\n", "http {\n  keepalive_requests 1000000;\n")));
  }

  /** Returns the processor time of nginx's workers (proc(5), schedstat). */
  private static long nanos(RealNginx nginx) throws IOException {
    long nanos = 0;
    for (ProcessHandle worker : nginx.workers()) {
      String stat = Files.readString(Path.of("/proc/" + worker.pid() + "/schedstat"));
      nanos += Long.parseLong(stat.split(" ", 2)[0]);
    }
    return nanos;
  }

  /** Sends many requests at a time, so that nginx is the busy side and not its client. */
  private static void load(int port) throws IOException {
    byte[] requests =
        "GET / HTTP/1.1\r\nHost: test\r\n\r\n".repeat(AT_ONCE).getBytes(StandardCharsets.US_ASCII);
    try (Socket socket = new Socket("127.0.0.1", port)) {
      InputStream in = new BufferedInputStream(socket.getInputStream());
      for (int sent = 0; sent < REQUESTS; sent += AT_ONCE) {
        socket.getOutputStream().write(requests);
        for (int answers = 0; answers < AT_ONCE; answers++) {
          answer(in);
        }
      }
    }
  }

  private static void answer(InputStream in) throws IOException {
    StringBuilder head = new StringBuilder();
    for (int end = 0; end < 4; ) {
      int next = in.read();
      if (next < 0) {
        throw new IOException("cut: " + head);
      }
      head.append((char) next);
      end = next == "\r\n\r\n".charAt(end) ? end + 1 : 0;
    }
    assertThat(head.toString()).startsWith("HTTP/1.1 200 ").contains("Content-Length: 4\r\n");
    assertThat(new String(in.readNBytes(4), StandardCharsets.US_ASCII)).isEqualTo("blue");
  }
}
