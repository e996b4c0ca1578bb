package io.bluegreen.health;

import io.bluegreen.Color;
import io.bluegreen.HealthCheck;
import io.bluegreen.Instance;
import io.bluegreen.testing.contract.Backends;
import io.bluegreen.testing.contract.HealthCheckContract;
import java.net.URI;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;

class HttpHealthCheckContractTest implements HealthCheckContract {
  private final Backends backends = new Backends("web");

  @AfterEach
  void endBackends() {
    backends.close();
  }

  @Override
  public HealthCheck openCheck() {
    return HttpHealthCheck.get("/health");
  }

  @Override
  public Instance healthy() {
    return at(backends.endpoint("web", Color.GREEN));
  }

  @Override
  public Instance absent() {
    return at("http://127.0.0.1:" + RefusedPort.find());
  }

  static Instance at(String endpoint) {
    return new Instance("web", Color.GREEN, 0, Optional.of(URI.create(endpoint)));
  }
}
