package io.bluegreen.embedded;

import io.bluegreen.Color;
import io.bluegreen.support.AddressRange;
import io.bluegreen.support.ArgumentChecks;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.HttpString;
import java.net.InetSocketAddress;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** Lets anyone who calls from a trusted address choose the colour of one request. */
record PreviewHeader(HttpString name, List<AddressRange> trusted) {
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9-]{1,64}");

  static PreviewHeader of(String name, String... trusted) {
    ArgumentChecks.matching("preview header", NAME, "1 to 64 of A-Z, a-z, 0-9 and '-'", name);
    if (trusted.length == 0) {
      throw new IllegalArgumentException(
          "trusted address: name at least one from which " + name + " is to be obeyed");
    }
    return new PreviewHeader(
        new HttpString(name),
        List.of(trusted).stream()
            .map(text -> AddressRange.parse("trusted address", text))
            .toList());
  }

  /** Takes the header off the request, no matter who sent it, so that it reaches no application. */
  Optional<Color> take(HttpServerExchange exchange) {
    Collection<String> values = exchange.getRequestHeaders().remove(name);
    if (values == null || values.size() != 1 || !trusts(exchange)) {
      return Optional.empty();
    }
    return List.of(Color.values()).stream()
        .filter(color -> values.contains(color.label()))
        .findFirst();
  }

  /** Judges by the address of the socket; what a header says of the client proves nothing. */
  private boolean trusts(HttpServerExchange exchange) {
    return exchange.getConnection().getPeerAddress() instanceof InetSocketAddress peer
        && trusted.stream().anyMatch(range -> range.contains(peer.getAddress()));
  }
}
