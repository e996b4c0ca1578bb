package io.bluegreen.gate;

import io.bluegreen.gate.HttpQuestions.Question;
import io.bluegreen.support.HttpCall;
import io.bluegreen.support.LiteralAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;

/** Makes the HTTP request that asks a Prometheus an instant query. */
record PrometheusApi(URI server, HttpCall call) {
  private static final String PATH = "/api/v1/query";

  static PrometheusApi at(URI server) {
    String prefix = server.getRawPath().replaceAll("/+$", "");
    return new PrometheusApi(server, HttpCall.get(prefix + PATH).method("POST"));
  }

  PrometheusApi byGet() {
    return new PrometheusApi(server, call.method("GET"));
  }

  PrometheusApi header(String name, String value) {
    return new PrometheusApi(server, call.header(name, value));
  }

  /** Returns the request for a query, whose answer is waited for at most so long. */
  Question question(String promql, Duration limit) {
    // Told how long it is waited for, Prometheus gives up what nobody waits for any more.
    String form = "query=" + encoded(promql) + "&timeout=" + limit.toMillis() + "ms";
    if (call.method().equals("GET")) {
      return new Question(
          server,
          new HttpCall(
              "GET", call.path() + "?" + form, Optional.empty(), call.headers(), Optional.empty()),
          false);
    }
    return new Question(
        server,
        new HttpCall("POST", call.path(), Optional.empty(), call.headers(), Optional.of(form))
            .header("Content-Type", "application/x-www-form-urlencoded"),
        false);
  }

  private static String encoded(String value) {
    return URLEncoder.encode(value, StandardCharsets.UTF_8);
  }

  /** Returns where a server is, if it is written as it must be. */
  static URI address(String server) {
    URI uri;
    try {
      uri = new URI(server);
    } catch (URISyntaxException e) {
      throw new IllegalArgumentException(addressExpected() + "; it has: " + e.getReason());
    }
    if (uri.getHost() == null
        || !("http".equals(uri.getScheme()) || "https".equals(uri.getScheme()))
        || uri.getRawUserInfo() != null
        || uri.getRawQuery() != null
        || uri.getRawFragment() != null) {
      throw new IllegalArgumentException(addressExpected() + LiteralAddress.fault(uri));
    }
    return uri;
  }

  /** The address is not shown: one with a user may have a password. */
  private static String addressExpected() {
    return "server: expected an address such as https://prometheus:9090, with a path if it has a"
        + " prefix, and without user, query and fragment; use basic(...) for a user";
  }
}
