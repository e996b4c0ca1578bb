package io.bluegreen.embedded;

import io.bluegreen.support.ForwardedHeaders;
import io.undertow.client.ClientRequest;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.HeaderMap;
import io.undertow.util.HeaderValues;
import io.undertow.util.Headers;
import io.undertow.util.HttpString;
import java.net.InetAddress;
import java.net.URI;

/** Makes the request that the application gets: the client's, with where it came from. */
final class ForwardedRequest {
  private ForwardedRequest() {}

  static ClientRequest of(HttpServerExchange exchange, URI door, boolean upgrade, boolean trusted) {
    String query = exchange.getQueryString();
    ClientRequest request =
        new ClientRequest()
            .setMethod(exchange.getRequestMethod())
            .setPath(exchange.getRequestURI() + (query.isEmpty() ? "" : "?" + query));
    HeaderMap headers = request.getRequestHeaders();
    for (HeaderValues values : exchange.getRequestHeaders()) {
      headers.putAll(values.getHeaderName(), values);
    }
    headers.remove(Headers.CONNECTION);
    if (upgrade) {
      headers.put(Headers.CONNECTION, Headers.UPGRADE_STRING);
    }
    if (!headers.contains(Headers.HOST)) {
      headers.put(Headers.HOST, door.getRawAuthority()); // HTTP/1.0 needs none, HTTP/1.1 does
    }
    origin(headers, exchange, door, trusted);
    return request;
  }

  /** Says where the request came from, as {@link ForwardedHeaders} says. */
  private static void origin(
      HeaderMap headers, HttpServerExchange exchange, URI door, boolean trusted) {
    InetAddress client = exchange.getSourceAddress().getAddress();
    append(headers, Headers.X_FORWARDED_FOR, ForwardedHeaders.address(client));
    append(headers, Headers.FORWARDED, ForwardedHeaders.element(client, door.getScheme()));
    if (trusted) {
      return;
    }
    headers.put(Headers.X_FORWARDED_PROTO, door.getScheme());
    headers.put(Headers.X_FORWARDED_PORT, Integer.toString(door.getPort()));
    String host = exchange.getRequestHeaders().getFirst(Headers.HOST);
    if (host != null) {
      headers.put(Headers.X_FORWARDED_HOST, host);
    }
  }

  /** Puts a value behind those that are there, which only a trusted proxy can have sent. */
  private static void append(HeaderMap headers, HttpString name, String value) {
    HeaderValues former = headers.get(name);
    headers.put(name, former == null ? value : String.join(", ", former) + ", " + value);
  }
}
