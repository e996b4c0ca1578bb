package io.bluegreen.haproxy;

import static org.awaitility.Awaitility.await;

import io.bluegreen.Color;
import io.bluegreen.Group;
import io.bluegreen.Router.Opening;
import io.bluegreen.Service;
import io.bluegreen.Switch;
import io.bluegreen.TrafficSplit;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/** A group with coloured backends that answer {@code web blue}, behind a rendered HAProxy. */
final class RenderedGroup implements AutoCloseable {
  static final Duration WITHIN = Duration.ofSeconds(20);

  final Group group;
  final RealHaproxy haproxy = new RealHaproxy();
  private final RealHaproxy backends = new RealHaproxy();
  private final List<HaproxyRouter> routers = new ArrayList<>();
  private long generation;

  RenderedGroup(RenderOptions options, String... services) {
    this(options, UnaryOperator.identity(), services);
  }

  RenderedGroup(RenderOptions options, UnaryOperator<String> change, String... services) {
    List<Service> all = new ArrayList<>();
    StringBuilder config =
        new StringBuilder(
            """
            global
                stats socket DIR/admin.sock mode 600 level admin
            defaults
                mode http
                timeout connect 2s
                timeout client 60s
                timeout server 60s
                timeout http-keep-alive 60s
            """);
    for (String name : services) {
      String blue = backend(config, name, Color.BLUE);
      String green = backend(config, name, Color.GREEN);
      all.add(
          Service.named(name)
              .blue(blue)
              .green(green)
              .frontDoor("http://127.0.0.1:" + RealHaproxy.freePort()));
    }
    group = new Group("shop", all);
    backends.config(config.toString());
    backends.start();
    front(options, change);
  }

  RenderedGroup(RenderOptions options, Group group) {
    this(options, UnaryOperator.identity(), group);
  }

  RenderedGroup(RenderOptions options, UnaryOperator<String> change, Group group) {
    this.group = group;
    front(options, change);
  }

  private void front(RenderOptions options, UnaryOperator<String> change) {
    RenderedHaproxy rendered = unopened().renderConfig(group, options);
    haproxy.config(change.apply(rendered.haproxyCfg()));
    haproxy.write("shop.map", rendered.map());
    try {
      haproxy.start();
    } catch (IllegalStateException e) {
      backends.close();
      throw e;
    }
  }

  private static String backend(StringBuilder config, String name, Color color) {
    int port = RealHaproxy.freePort();
    config.append(
        """
        frontend NAME_COLOUR
            bind 127.0.0.1:PORT
            http-request return status 200 content-type text/plain string "NAME COLOUR"
        """
            .replace("NAME", name)
            .replace("COLOUR", color.label())
            .replace("PORT", Integer.toString(port)));
    return "http://127.0.0.1:" + port;
  }

  Path map() {
    return haproxy.dir.resolve("shop.map");
  }

  HaproxyRouter unopened() {
    return kept(HaproxyRouter.map(map(), haproxy.api()).master(haproxy.master()));
  }

  HaproxyRouter kept(HaproxyRouter router) {
    routers.add(router);
    return router;
  }

  HaproxyRouter opened() {
    HaproxyRouter router = unopened();
    router.open(opening());
    return router;
  }

  Opening opening() {
    return new Opening(group, Optional.empty(), 0);
  }

  TrafficSplit all(Color color) {
    return TrafficSplit.all(group, color);
  }

  TrafficSplit split(int... green) {
    Map<String, Integer> split = new TreeMap<>();
    for (int i = 0; i < green.length; i++) {
      split.put(group.routed().get(i).name(), green[i]);
    }
    return new TrafficSplit(split);
  }

  Switch change(TrafficSplit from, TrafficSplit to) {
    return change(from, to, 1, WITHIN);
  }

  Switch change(TrafficSplit from, TrafficSplit to, long fence, Duration within) {
    generation++;
    return new Switch(from, to, generation, "d-" + generation, fence, within);
  }

  long generation() {
    return generation;
  }

  int door(String service) {
    return group.service(service).frontDoor().orElseThrow().getPort();
  }

  /** Waits until HAProxy has checked every server. */
  void healthy() {
    await()
        .atMost(RealHaproxy.LONG)
        .ignoreExceptions()
        .until(
            () ->
                haproxy.api().stats().stream()
                    .filter(StatRow::isServer)
                    .allMatch(row -> row.get("status").equals("UP")));
  }

  String mapText() {
    try {
      return Files.readString(map());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    routers.forEach(HaproxyRouter::close);
    haproxy.close();
    backends.close();
  }
}
