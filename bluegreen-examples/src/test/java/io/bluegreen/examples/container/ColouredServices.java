package io.bluegreen.examples.container;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.bluegreen.Color;
import io.bluegreen.ContainerView;
import io.bluegreen.Group;
import io.bluegreen.Service;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Applications of this machine that answer with their colour, for a proxy in a container. */
final class ColouredServices implements AutoCloseable {
  private static final String HELD = "/held";
  private static final int FIRST_DOOR = 8080;

  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final Map<String, HttpServer> servers = new TreeMap<>();
  private final List<String> names;
  private final CountDownLatch arrived = new CountDownLatch(1);
  private final CountDownLatch released = new CountDownLatch(1);

  ColouredServices(String... names) throws IOException {
    this.names = List.of(names);
    for (String name : names) {
      for (Color color : Color.values()) {
        HttpServer server = HttpServer.create(new InetSocketAddress(0), 100);
        server.setExecutor(threads);
        server.createContext("/", exchange -> answer(exchange, color));
        server.start();
        servers.put(name + color, server);
      }
    }
  }

  private void answer(HttpExchange exchange, Color color) throws IOException {
    if (exchange.getRequestURI().getPath().equals(HELD)) {
      arrived.countDown();
      await(released);
    }
    byte[] body = color.label().getBytes(StandardCharsets.US_ASCII);
    exchange.sendResponseHeaders(200, body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Returns them as this program sees them, with front doors at the address of a container. */
  Group group(String container) {
    List<Service> services = new ArrayList<>();
    for (String name : names) {
      services.add(
          Service.named(name)
              .blue(endpoint("127.0.0.1", name, Color.BLUE))
              .green(endpoint("127.0.0.1", name, Color.GREEN))
              .frontDoor("http://" + container + ":" + (FIRST_DOOR + services.size())));
    }
    return new Group("shop", services);
  }

  /** Returns one of them at addresses that are the same in a container and outside. */
  Service service(String name, String machine, String door) {
    return Service.named(name)
        .blue(endpoint(machine, name, Color.BLUE))
        .green(endpoint(machine, name, Color.GREEN))
        .frontDoor(door);
  }

  /** Returns a view with their addresses as a container sees them. */
  ContainerView addresses(ContainerView view, Group group, String machine) {
    ContainerView named = view;
    for (String name : names) {
      for (Color color : Color.values()) {
        named = named.address(endpoint("127.0.0.1", name, color), endpoint(machine, name, color));
      }
      URI door = door(group, name);
      named = named.address(door.toString(), "http://0.0.0.0:" + door.getPort());
    }
    return named;
  }

  private String endpoint(String host, String name, Color color) {
    return "http://" + host + ":" + servers.get(name + color).getAddress().getPort();
  }

  private static URI door(Group group, String name) {
    return group.service(name).frontDoor().orElseThrow();
  }

  /** Returns the colour of each service, asked once at its front door. */
  List<Color> colours(Group group) throws IOException {
    List<Color> colours = new ArrayList<>();
    for (String name : names) {
      colours.add(ask(door(group, name), "/"));
    }
    return colours;
  }

  /** Sends a request, and returns when an application has it; it is answered when it is let go. */
  CompletableFuture<Color> held(Group group, String name) {
    CompletableFuture<Color> answer = new CompletableFuture<>();
    threads.execute(
        () -> {
          try {
            answer.complete(ask(door(group, name), HELD));
          } catch (IOException | RuntimeException e) {
            answer.completeExceptionally(e);
            arrived.countDown();
          }
        });
    await(arrived);
    return answer;
  }

  void release() {
    released.countDown();
  }

  /** Asks once, on a connection of its own, and never again. */
  static Color ask(URI door, String path) throws IOException {
    try (Socket socket = new Socket(door.getHost(), door.getPort())) {
      socket.setSoTimeout(20_000);
      String request = "GET " + path + " HTTP/1.1\r\nHost: shop\r\nConnection: close\r\n\r\n";
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
      if (!answer.startsWith("HTTP/1.1 200 ")) {
        throw new IOException("answered \"" + answer + '"');
      }
      return Color.of(answer.substring(answer.indexOf("\r\n\r\n") + 4));
    }
  }

  @Override
  public void close() {
    release();
    servers.values().forEach(server -> server.stop(0));
    threads.shutdownNow();
  }
}
