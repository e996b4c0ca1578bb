package io.bluegreen.nginx;

import static org.assertj.core.api.Assertions.assertThat;

import io.bluegreen.Color;
import io.bluegreen.Group;
import io.bluegreen.Router;
import io.bluegreen.RouterTruth;
import io.bluegreen.Service;
import io.bluegreen.Switch;
import io.bluegreen.TrafficSplit;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A group with backends that run: services web, api, ... each in two colours. */
final class NginxShop implements AutoCloseable {
  private final List<ColorServer> servers = new ArrayList<>();
  final Group group;
  private long generation;

  NginxShop(String... services) throws IOException {
    // First all that keep their port, so that none of them gets one that was only found free.
    for (int i = 0; i < services.length; i++) {
      servers.add(new ColorServer("blue"));
      servers.add(new ColorServer("green"));
    }
    List<Service> all = new ArrayList<>();
    for (String service : services) {
      int first = all.size() * 2;
      all.add(
          Service.named(service)
              .blue(servers.get(first).url())
              .green(servers.get(first + 1).url())
              .frontDoor("http://127.0.0.1:" + NginxPorts.free()));
    }
    group = new Group("shop", all);
  }

  Router.Opening opening() {
    return new Router.Opening(group, Optional.empty(), 0);
  }

  URI door(String service) {
    return group.service(service).frontDoor().orElseThrow();
  }

  String ask(String service) throws IOException {
    return NginxClient.once(door(service), "/").body();
  }

  /** Asserts that each service answers with one colour, no matter who asks. */
  void assertServes(Color color) throws IOException {
    for (int i = 0; i < 20; i++) {
      for (Service service : group.services()) {
        assertThat(ask(service.name())).as(service.name()).isEqualTo(color.label());
      }
    }
  }

  /** Lets all backends go on with what they hold. */
  void release() {
    servers.forEach(ColorServer::release);
  }

  /** Returns how many requests have come to a colour of the first service. */
  long begun(Color color) {
    return servers.get(color == Color.BLUE ? 0 : 1).begun.get();
  }

  /** Lets all backends send their waiting requests to another location of nginx. */
  void redirect() {
    servers.forEach(ColorServer::redirect);
  }

  TrafficSplit all(Color color) {
    return TrafficSplit.all(group, color);
  }

  static RouterTruth.Known known(Router router) {
    if (router.current() instanceof RouterTruth.Known known) {
      return known;
    }
    throw new AssertionError(router.current().toString());
  }

  /** Returns a switch from what is served, with the next generation. */
  Switch to(Router router, TrafficSplit split) {
    RouterTruth.Known now = known(router);
    generation = Math.max(generation, now.generation()) + 1;
    return change(now.running(), split, generation, 1);
  }

  static Switch change(TrafficSplit from, TrafficSplit to, long generation, long fence) {
    return new Switch(from, to, generation, "d-" + generation, fence, Duration.ofSeconds(20));
  }

  /** Returns the same switch with another limit. */
  static Switch within(Switch change, Duration limit) {
    return new Switch(
        change.from(),
        change.to(),
        change.generation(),
        change.deploymentId(),
        change.fence(),
        limit);
  }

  @Override
  public void close() throws IOException {
    for (ColorServer server : servers) {
      server.close();
    }
  }
}
