package io.bluegreen.health;

import io.bluegreen.Color;
import io.bluegreen.Health;
import io.bluegreen.Instance;
import io.bluegreen.support.RawServer;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Probes by HTTP of servers that answer as they are told; closes the checks that it made. */
final class HttpProbes implements AutoCloseable {
  private final List<HttpHealthCheck> checks = new ArrayList<>();

  Health probe(HttpHealthCheck check, Instance instance) throws Exception {
    checks.add(check);
    return check.probe(instance).get();
  }

  static Instance at(URI endpoint, String version) {
    return new Instance("web", Color.BLUE, 0, Optional.of(endpoint), Optional.of(version), false);
  }

  Health json(HttpHealthCheck check, String body) throws Exception {
    return answer(check, RawServer.response("200 OK", "", body));
  }

  Health answer(HttpHealthCheck check, String response) throws Exception {
    try (RawServer server = RawServer.answering(response)) {
      return probe(check, server.uri());
    }
  }

  Health probe(HttpHealthCheck check, URI endpoint) throws Exception {
    Health health = keep(check).probe(at(endpoint)).get();
    check.close();
    return health;
  }

  HttpHealthCheck keep(HttpHealthCheck check) {
    checks.add(check);
    return check;
  }

  static Instance at(URI endpoint) {
    return new Instance("web", Color.GREEN, 0, Optional.of(endpoint));
  }

  @Override
  public void close() {
    checks.forEach(HttpHealthCheck::close);
  }
}
