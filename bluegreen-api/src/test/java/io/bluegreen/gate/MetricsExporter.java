package io.bluegreen.gate;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Serves what a test counts, in the text format that Prometheus scrapes. */
final class MetricsExporter implements AutoCloseable {
  private final HttpServer server;
  private final Map<String, Double> series = new ConcurrentHashMap<>();

  MetricsExporter() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0), 50);
    server.createContext(
        "/metrics",
        exchange -> {
          byte[] body = text().getBytes(StandardCharsets.UTF_8);
          exchange.getResponseHeaders().set("Content-Type", "text/plain; version=0.0.4");
          exchange.sendResponseHeaders(200, body.length);
          try (OutputStream out = exchange.getResponseBody()) {
            out.write(body);
          }
        });
    server.start();
  }

  /** Sets a series such as {@code up{color="green"}}. */
  void set(String name, double value) {
    series.put(name, value);
  }

  String address() {
    return "127.0.0.1:" + server.getAddress().getPort();
  }

  @Override
  public void close() {
    server.stop(0);
  }

  private String text() {
    StringBuilder text = new StringBuilder();
    series.forEach(
        (name, value) ->
            text.append(name)
                .append(' ')
                .append(Double.isInfinite(value) ? (value > 0 ? "+Inf" : "-Inf") : value)
                .append('\n'));
    return text.toString();
  }
}
