package io.bluegreen.embedded;

import io.bluegreen.Color;
import io.undertow.io.IoCallback;
import io.undertow.server.HttpHandler;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.StatusCodes;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;

/** Takes the requests of one service and hands each to one of its two slots. */
final class FrontDoor implements HttpHandler {
  private final String service;
  private final Slots slots;
  private final RoutingTable.InForce routing;
  private final Settings settings;
  private final Meter meter;
  private final HttpHandler proxy;

  FrontDoor(
      String service,
      Slots slots,
      RoutingTable.InForce routing,
      Settings settings,
      Meter meter,
      HttpHandler proxy) {
    this.service = service;
    this.slots = slots;
    this.routing = routing;
    this.settings = settings;
    this.meter = meter;
    this.proxy = proxy;
  }

  @Override
  public void handleRequest(HttpServerExchange exchange) throws Exception {
    if (Hygiene.refuses(exchange)) {
      refuse(exchange);
      return;
    }
    Optional<Color> asked = settings.preview().flatMap(preview -> preview.take(exchange));
    Hygiene.cleanRequest(exchange);
    int cohort =
        settings
            .sticky()
            .map(sticky -> sticky.cohort(exchange))
            .orElseGet(() -> ThreadLocalRandom.current().nextInt(100));
    SlotTraffic slot = slots.enter(routing, service, asked, cohort);
    new Ticket(slot, exchange, settings.time(), meter, asked.isEmpty());
    proxy.handleRequest(exchange);
  }

  /** Says so before it gives up the connection, on which nothing further can be understood. */
  private static void refuse(HttpServerExchange exchange) {
    exchange.setStatusCode(StatusCodes.BAD_REQUEST).setPersistent(false);
    exchange.getResponseSender().send("", IoCallback.END_EXCHANGE);
  }
}
