package io.bluegreen.health;

import io.bluegreen.Color;
import io.bluegreen.HealthCheck;
import io.bluegreen.Instance;
import io.bluegreen.testing.contract.Backends;
import io.bluegreen.testing.contract.HealthCheckContract;
import org.junit.jupiter.api.AfterEach;

class TcpHealthCheckContractTest implements HealthCheckContract {
  private final Backends backends = new Backends("web");

  @AfterEach
  void endBackends() {
    backends.close();
  }

  @Override
  public HealthCheck openCheck() {
    return TcpHealthCheck.connect();
  }

  @Override
  public Instance healthy() {
    return HttpHealthCheckContractTest.at(backends.endpoint("web", Color.GREEN));
  }

  @Override
  public Instance absent() {
    return HttpHealthCheckContractTest.at("http://127.0.0.1:" + RefusedPort.find());
  }
}
