package io.bluegreen.testing.contract;

import io.bluegreen.Color;
import io.bluegreen.InFlight;
import io.bluegreen.RouterReport;
import io.bluegreen.RouterTruth;
import io.bluegreen.Slot;
import io.bluegreen.Switch;
import io.bluegreen.TrafficMeter;
import io.bluegreen.TrafficSplit;
import io.bluegreen.testing.FakeRouter;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

/** Routers that are right, except in what clients meet and in what they count and admit. */
final class RoutersThatFailClients {
  private RoutersThatFailClients() {}

  static class DeclaresWhatItsMeterDoesNotTell implements RouterContract {
    @Override
    public ProxyUnderTest startProxy() {
      return new FakeProxyUnderTest(
          new FakeRouter(),
          right ->
              new FlawedRouter(right) {
                @Override
                public Optional<TrafficMeter> meter() {
                  return right.meter().map(meter -> () -> onlyRequests(meter.read()));
                }
              });
    }

    private static TrafficMeter.Reading onlyRequests(TrafficMeter.Reading reading) {
      Map<Slot, TrafficMeter.Count> slots = new HashMap<>();
      reading
          .slots()
          .forEach((slot, count) -> slots.put(slot, TrafficMeter.Count.of(count.requests(), 0, 0)));
      return new TrafficMeter.Reading(reading.at(), slots);
    }
  }

  static class SaysNothingIsInFlight implements RouterContract {
    @Override
    public ProxyUnderTest startProxy() {
      return new FakeProxyUnderTest(
          new FakeRouter(),
          right ->
              new FlawedRouter(right) {
                @Override
                public InFlight inFlight(Slot slot) {
                  return InFlight.NONE;
                }
              });
    }
  }

  static class HidesWhatItLacks implements RouterContract {
    @Override
    public ProxyUnderTest startProxy() {
      return new FakeProxyUnderTest(
          new FakeRouter(),
          right ->
              new FlawedRouter(right) {
                @Override
                public RouterReport open(Opening opening) {
                  super.open(opening);
                  return new RouterReport(Set.of(), List.of());
                }
              });
    }
  }

  /** Fails three requests in each switch, and waits until it has. */
  static class LosesRequests implements RouterContract {
    @Override
    public ProxyUnderTest startProxy() {
      AtomicInteger toFail = new AtomicInteger();
      AtomicInteger clients = new AtomicInteger();
      return new FakeProxyUnderTest(
          new FakeRouter(),
          right ->
              new FlawedRouter(right) {
                @Override
                public void apply(Switch change) {
                  super.apply(change);
                  toFail.set(clients.get() > 1 ? 3 : 0);
                  while (toFail.get() > 0) {
                    Thread.onSpinWait();
                  }
                }
              }) {
        @Override
        public Client client(String service, boolean keepAlive) {
          Client right = super.client(service, keepAlive);
          clients.incrementAndGet();
          return new Client() {
            @Override
            public Color request() throws IOException {
              return right.request();
            }

            @Override
            public void close() {
              clients.decrementAndGet();
            }
          };
        }

        @Override
        Color answer(String service, boolean keepAlive) throws IOException {
          if (toFail.get() > 0 && toFail.getAndDecrement() > 0) {
            throw new IOException("connection reset");
          }
          return super.answer(service, keepAlive);
        }
      };
    }
  }

  /** A kept connection stays with the colour that answered it first, as with a reloaded proxy. */
  static class LeavesKeptConnections implements RouterContract {
    @Override
    public ProxyUnderTest startProxy() {
      return new FakeProxyUnderTest() {
        @Override
        public Client client(String service, boolean keepAlive) {
          Map<String, Color> first = new HashMap<>();
          return new Client() {
            @Override
            public Color request() throws IOException {
              Color answer = answer(service, keepAlive);
              return keepAlive ? first.computeIfAbsent(service, s -> answer) : answer;
            }

            @Override
            public void close() {}
          };
        }
      };
    }
  }

  /** Moves the first service, lets the clients ask for a while, and then moves the second. */
  static class MovesOneByOne implements RouterContract {
    @Override
    public ProxyUnderTest startProxy() {
      AtomicInteger asked = new AtomicInteger();
      AtomicInteger clients = new AtomicInteger();
      return new FakeProxyUnderTest(
          new FakeRouter(),
          right ->
              new FlawedRouter(right) {
                @Override
                public void apply(Switch change) {
                  Set<String> services = change.to().services();
                  TrafficSplit from = change.from();
                  if (clients.get() > 1) {
                    String first = services.iterator().next();
                    TrafficSplit half =
                        from.with(first, Color.GREEN, change.to().share(first, Color.GREEN));
                    super.apply(
                        new Switch(
                            from,
                            half,
                            2 * change.generation(),
                            "x",
                            change.fence(),
                            change.within()));
                    int enough = asked.get() + 500;
                    while (asked.get() < enough) {
                      Thread.onSpinWait();
                    }
                    from = half;
                  }
                  super.apply(
                      new Switch(
                          from,
                          change.to(),
                          2 * change.generation() + 1,
                          change.deploymentId(),
                          change.fence(),
                          change.within()));
                }
              }) {
        @Override
        public Client client(String service, boolean keepAlive) {
          Client right = super.client(service, keepAlive);
          clients.incrementAndGet();
          return new Client() {
            @Override
            public Color request() throws IOException {
              return right.request();
            }

            @Override
            public void close() {
              clients.decrementAndGet();
            }
          };
        }

        @Override
        Color answer(String service, boolean keepAlive) throws IOException {
          asked.incrementAndGet();
          return super.answer(service, keepAlive);
        }
      };
    }
  }

  static class SharesHalfAndHalf implements RouterContract {
    @Override
    public ProxyUnderTest startProxy() {
      return new FakeProxyUnderTest() {
        private int turn;

        @Override
        Color answer(String service, boolean keepAlive) throws IOException {
          TrafficSplit running = ((RouterTruth.Known) fake.current()).running();
          return running.sole(service).orElseGet(() -> turn++ % 2 == 0 ? Color.BLUE : Color.GREEN);
        }
      };
    }
  }
}
