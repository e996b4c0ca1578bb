package io.bluegreen.engine;

import io.bluegreen.Color;
import io.bluegreen.Group;
import io.bluegreen.RouterException;
import io.bluegreen.Service;
import io.bluegreen.support.LiteralAddress;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Checks the literal addresses of a group: each endpoint has exactly one, and no two endpoints
 * share one. It runs when the router is opened, because no name is resolved before that.
 */
final class AddressCheck {
  private final Map<InetSocketAddress, String> taken = new HashMap<>();

  private AddressCheck() {}

  /**
   * Makes sure that checks, launchers and router can only mean one address by an endpoint.
   *
   * @throws RouterException if not; the message names the endpoint, its addresses and what to write
   */
  static void check(Group group) {
    AddressCheck addresses = new AddressCheck();
    for (Service service : group.services()) {
      for (Color color : Color.values()) {
        service
            .endpoints(color)
            .forEach(endpoint -> addresses.take(service + "/" + color, endpoint));
      }
      service.frontDoor().ifPresent(door -> addresses.take("the front door of " + service, door));
    }
  }

  private void take(String what, URI endpoint) {
    InetSocketAddress address;
    try {
      address = LiteralAddress.of(endpoint).at(endpoint.getPort());
    } catch (UnknownHostException e) {
      return; // A container's name may exist only while it runs: its health check asks then.
    } catch (IOException e) {
      throw refused(what + " " + endpoint + ": " + e.getMessage(), e);
    }
    String named = what + " " + endpoint;
    String other = taken.putIfAbsent(address, named);
    if (other != null) {
      throw refused(
          other + " and " + named + " are the same address; give each one of its own", null);
    }
  }

  private static RouterException refused(String reason, @Nullable Throwable cause) {
    return new RouterException(
        reason + ". Nothing was changed.", RouterException.Effect.UNCHANGED, cause);
  }
}
