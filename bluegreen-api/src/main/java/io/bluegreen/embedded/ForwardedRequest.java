package io.bluegreen.embedded;

import io.undertow.client.ClientRequest;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.HeaderMap;
import io.undertow.util.HeaderValues;
import io.undertow.util.Headers;
import io.undertow.util.NetworkUtils;
import java.net.InetSocketAddress;
import java.net.URI;

/** Makes the request that the application gets: the client's, with where it came from. */
final class ForwardedRequest {
  private ForwardedRequest() {}

  static ClientRequest of(HttpServerExchange exchange, URI door, boolean upgrade) {
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
    InetSocketAddress client = exchange.getSourceAddress();
    String host = exchange.getHostName();
    headers.put(Headers.X_FORWARDED_FOR, client.getAddress().getHostAddress());
    headers.put(Headers.X_FORWARDED_PROTO, "http");
    headers.put(
        Headers.X_FORWARDED_HOST,
        host == null ? door.getHost() : NetworkUtils.formatPossibleIpv6Address(host));
    headers.put(Headers.X_FORWARDED_PORT, Integer.toString(door.getPort()));
    headers.put(Headers.X_FORWARDED_SERVER, door.getHost());
    return request;
  }
}
