package io.bluegreen.testing.contract;

import io.bluegreen.Color;
import io.bluegreen.Group;
import io.bluegreen.InFlight;
import io.bluegreen.LatencyHistogram;
import io.bluegreen.Listening;
import io.bluegreen.Router;
import io.bluegreen.RouterTruth;
import io.bluegreen.Service;
import io.bluegreen.TrafficMeter;
import io.bluegreen.TrafficSplit;
import io.bluegreen.testing.FakeRouter;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** A fake router's proxy; {@code flaw} may wrap each router so that it breaks a promise. */
class FakeProxyUnderTest implements ProxyUnderTest {
  final FakeRouter fake;
  private final UnaryOperator<Router> flaw;
  private final Map<String, LatencyHistogram.Recorder> counts = new HashMap<>();
  private final Group group =
      new Group(
          "shop",
          List.of(
              Service.named("shop").blue("http://127.0.0.1:5001").green("http://127.0.0.1:5002"),
              Service.named("web").blue("http://127.0.0.1:5003").green("http://127.0.0.1:5004")));

  FakeProxyUnderTest() {
    this(new FakeRouter(), UnaryOperator.identity());
  }

  FakeProxyUnderTest(FakeRouter fake, UnaryOperator<Router> flaw) {
    this.fake = fake;
    this.flaw = flaw;
    for (Service service : group.services()) {
      for (Color color : Color.values()) {
        fake.listening(service.name(), color, Listening.YES);
      }
    }
    fake.open(new Router.Opening(group, Optional.empty(), 0));
  }

  @Override
  public Group group() {
    return group;
  }

  @Override
  public Router router() {
    return flaw.apply(fake.another());
  }

  @Override
  public Client client(String service, boolean keepAlive) {
    return new Client() {
      @Override
      public Color request() throws IOException {
        return answer(service, keepAlive);
      }

      @Override
      public void close() {}
    };
  }

  Color answer(String service, boolean keepAlive) throws IOException {
    synchronized (counts) {
      Color color = fake.request(service);
      LatencyHistogram.Recorder recorder =
          counts.computeIfAbsent(service + color, slot -> new LatencyHistogram.Recorder());
      recorder.add(Duration.ofMillis(5));
      LatencyHistogram times = recorder.latencies();
      fake.counted(service, color, TrafficMeter.Count.of(times.count(), 0, 0).with(times));
      return color;
    }
  }

  @Override
  public Held hold(String service) {
    TrafficSplit running = ((RouterTruth.Known) fake.current()).running();
    Color color = running.sole(service).orElse(Color.BLUE);
    fake.answering(service, color, InFlight.some(1));
    return () -> fake.answering(service, color, InFlight.NONE);
  }

  @Override
  public void moveByHand(String service, Color to) {
    fake.switchByHand(service, to, 100);
  }

  @Override
  public void goDown() {
    fake.goDown();
  }

  @Override
  public void restart() {
    fake.restartCold();
  }

  @Override
  public void close() {}
}
