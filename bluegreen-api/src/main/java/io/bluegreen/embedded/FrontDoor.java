package io.bluegreen.embedded;

import io.bluegreen.Color;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.SameThreadExecutor;
import java.net.URI;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;

/** Takes the requests of one service and hands each to one of its two slots. */
final class FrontDoor implements OpenFrontDoor.Handler {
  private final String service;
  private final ServiceSlots slots;
  private final RoutingTable.InForce routing;
  private final EmbeddedSettings settings;
  private final EmbeddedMeter meter;
  private final URI door;

  FrontDoor(
      String service,
      ServiceSlots slots,
      RoutingTable.InForce routing,
      EmbeddedSettings settings,
      EmbeddedMeter meter,
      URI door) {
    this.service = service;
    this.slots = slots;
    this.routing = routing;
    this.settings = settings;
    this.meter = meter;
    this.door = door;
  }

  @Override
  public void handle(HttpServerExchange exchange, RequestGuard client) {
    if (client.refusal() != 0) {
      exchange.setStatusCode(client.refusal()).endExchange();
      return;
    }
    Optional<Color> asked = settings.preview().flatMap(preview -> preview.take(exchange));
    int cohort =
        settings
            .sticky()
            .map(sticky -> sticky.cohort(exchange))
            .orElseGet(() -> ThreadLocalRandom.current().nextInt(100));
    SlotTraffic slot = slots.enter(routing, service, asked, cohort);
    ProxiedRequest request =
        new ProxiedRequest(slot, exchange, settings.time(), meter, asked.isEmpty());
    Forwarding forwarding = new Forwarding(exchange, request, client, door);
    exchange.dispatch(SameThreadExecutor.INSTANCE, forwarding::begin);
  }
}
