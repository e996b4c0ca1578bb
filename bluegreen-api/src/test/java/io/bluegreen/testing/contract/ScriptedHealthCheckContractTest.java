package io.bluegreen.testing.contract;

import io.bluegreen.Color;
import io.bluegreen.HealthCheck;
import io.bluegreen.Instance;
import io.bluegreen.testing.ScriptedHealthCheck;
import java.net.URI;
import java.util.Optional;

class ScriptedHealthCheckContractTest implements HealthCheckContract {
  @Override
  public HealthCheck openCheck() {
    return ScriptedHealthCheck.of("web", Color.BLUE, ScriptedHealthCheck.down("boom"));
  }

  @Override
  public Instance healthy() {
    return new Instance("web", Color.GREEN, 0, Optional.of(URI.create("http://127.0.0.1:5002")));
  }

  @Override
  public Instance absent() {
    return new Instance("web", Color.BLUE, 0, Optional.of(URI.create("http://127.0.0.1:5001")));
  }
}
