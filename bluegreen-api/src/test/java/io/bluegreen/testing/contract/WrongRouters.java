package io.bluegreen.testing.contract;

import io.bluegreen.Color;
import io.bluegreen.InFlight;
import io.bluegreen.Router;
import io.bluegreen.RouterException;
import io.bluegreen.RouterReport;
import io.bluegreen.RouterTruth;
import io.bluegreen.Slot;
import io.bluegreen.Switch;
import io.bluegreen.TrafficMeter;
import io.bluegreen.TrafficSplit;
import io.bluegreen.testing.FakeRouter;
import io.bluegreen.testing.RouterFault;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

/** Each is right but for one thing. */
final class WrongRouters {
  private WrongRouters() {}

  /** Passes everything on to a router that is right. */
  private static class Flawed implements Router {
    final Router right;

    Flawed(Router right) {
      this.right = right;
    }

    @Override
    public RouterReport open(Opening opening) {
      return right.open(opening);
    }

    @Override
    public void serve(Opening opening) {
      right.serve(opening);
    }

    @Override
    public RouterTruth current() {
      return right.current();
    }

    @Override
    public void apply(Switch change) {
      right.apply(change);
    }

    @Override
    public List<String> plan(Switch change) {
      return right.plan(change);
    }

    @Override
    public InFlight inFlight(Slot slot) {
      return right.inFlight(slot);
    }

    @Override
    public int cut(Slot slot) {
      return right.cut(slot);
    }

    @Override
    public Optional<TrafficMeter> meter() {
      return right.meter();
    }

    @Override
    public Set<TrafficMeter.Measure> measures() {
      return right.measures();
    }

    @Override
    public void close() {
      right.close();
    }
  }

  private static Switch withFence(Switch change, long fence) {
    return new Switch(
        change.from(),
        change.to(),
        change.generation(),
        change.deploymentId(),
        fence,
        change.within());
  }

  static class ForgetsTheFence implements RouterContract {
    @Override
    public ProxyUnderTest startProxy() {
      return new FakeProxyUnderTest(
          new FakeRouter(),
          right ->
              new Flawed(right) {
                @Override
                public void apply(Switch change) {
                  super.apply(withFence(change, 1));
                }
              });
    }
  }

  private static Switch numbered(Switch change, long generation) {
    return new Switch(
        change.from(),
        change.to(),
        generation,
        change.deploymentId(),
        change.fence(),
        change.within());
  }

  static class TakesLateSwitches implements RouterContract {
    @Override
    public ProxyUnderTest startProxy() {
      return new FakeProxyUnderTest(
          new FakeRouter(),
          right ->
              new Flawed(right) {
                @Override
                public void apply(Switch change) {
                  long carried = ((RouterTruth.Known) super.current()).generation();
                  super.apply(numbered(change, Math.max(change.generation(), carried + 1)));
                }
              });
    }
  }

  static class TakesAGenerationTwice implements RouterContract {
    @Override
    public ProxyUnderTest startProxy() {
      return new FakeProxyUnderTest(
          new FakeRouter(),
          right ->
              new Flawed(right) {
                @Override
                public void apply(Switch change) {
                  long carried = ((RouterTruth.Known) super.current()).generation();
                  boolean same = change.generation() == carried;
                  super.apply(numbered(change, same ? carried + 1 : change.generation()));
                }
              });
    }
  }

  static class DoesNotKnowWhatARefusalDid implements RouterContract {
    @Override
    public ProxyUnderTest startProxy() {
      return new FakeProxyUnderTest(
          new FakeRouter(),
          right ->
              new Flawed(right) {
                @Override
                public void apply(Switch change) {
                  try {
                    super.apply(change);
                  } catch (RouterException e) {
                    throw new RouterException(e.getMessage(), RouterException.Effect.UNKNOWN, e);
                  }
                }
              });
    }
  }

  static class DoesNotSayWhatIsServing implements RouterContract {
    @Override
    public ProxyUnderTest startProxy() {
      return new FakeProxyUnderTest(
          new FakeRouter(),
          right ->
              new Flawed(right) {
                @Override
                public void apply(Switch change) {
                  try {
                    super.apply(change);
                  } catch (RouterException e) {
                    throw new RouterException("no", e.effect(), e);
                  }
                }
              });
    }
  }

  static class RemembersTheFenceOnlyInMemory implements RouterContract {
    @Override
    public ProxyUnderTest startProxy() {
      return new FakeProxyUnderTest(
          new FakeRouter(),
          right ->
              new Flawed(right) {
                private long fence;

                @Override
                public void apply(Switch change) {
                  if (change.fence() < fence) {
                    throw new RouterException("low", RouterException.Effect.UNCHANGED);
                  }
                  fence = change.fence();
                  super.apply(withFence(change, 1));
                }
              });
    }
  }

  static class AnswersFromMemory implements RouterContract {
    @Override
    public ProxyUnderTest startProxy() {
      return new FakeProxyUnderTest(
          new FakeRouter(),
          right ->
              new Flawed(right) {
                private RouterTruth known;

                @Override
                public RouterTruth current() {
                  known = known == null ? super.current() : known;
                  return known;
                }

                @Override
                public void apply(Switch change) {
                  super.apply(change);
                  known = super.current();
                }
              });
    }
  }

  static class AnswersForEverWhatItAnsweredFirst implements RouterContract {
    @Override
    public ProxyUnderTest startProxy() {
      return new FakeProxyUnderTest(
          new FakeRouter(),
          right ->
              new Flawed(right) {
                private RouterTruth first;

                @Override
                public RouterTruth current() {
                  first = first == null ? super.current() : first;
                  return first;
                }
              });
    }
  }

  /** The note lies where all its routers find it; whether the proxy answers is asked. */
  static class AnswersFromItsNote implements RouterContract {
    @Override
    public ProxyUnderTest startProxy() {
      AtomicReference<RouterTruth> note = new AtomicReference<>();
      return new FakeProxyUnderTest(
          new FakeRouter(),
          right ->
              new Flawed(right) {
                @Override
                public RouterTruth current() {
                  RouterTruth now = super.current();
                  return now instanceof RouterTruth.Known && note.get() != null ? note.get() : now;
                }

                @Override
                public void apply(Switch change) {
                  super.apply(change);
                  note.set(super.current());
                }
              });
    }
  }

  static class MovesTheOthersToBlue implements RouterContract {
    @Override
    public ProxyUnderTest startProxy() {
      return new FakeProxyUnderTest(
          new FakeRouter(),
          right ->
              new Flawed(right) {
                @Override
                public void apply(Switch change) {
                  TrafficSplit to = change.to();
                  long moving =
                      to.services().stream().filter(service -> moves(change, service)).count();
                  for (String service : change.to().services()) {
                    if (moving == 1 && !moves(change, service)) {
                      to = to.with(service, Color.BLUE, 100);
                    }
                  }
                  super.apply(
                      new Switch(
                          change.from(),
                          to,
                          change.generation(),
                          change.deploymentId(),
                          change.fence(),
                          change.within()));
                }
              });
    }

    private static boolean moves(Switch change, String service) {
      return change.from().share(service, Color.GREEN) != change.to().share(service, Color.GREEN);
    }
  }

  static class SwitchesPartOfTheGroup implements RouterContract {
    @Override
    public ProxyUnderTest startProxy() {
      return new FakeProxyUnderTest(
          new FakeRouter(),
          right ->
              new Flawed(right) {
                @Override
                public void apply(Switch change) {
                  super.apply(
                      new Switch(
                          whole(change.from()),
                          whole(change.to()),
                          change.generation(),
                          change.deploymentId(),
                          change.fence(),
                          change.within()));
                }

                private TrafficSplit whole(TrafficSplit split) {
                  Map<String, Integer> green = new HashMap<>();
                  if (super.current() instanceof RouterTruth.Known known) {
                    green.putAll(known.running().green());
                  }
                  green.putAll(split.green());
                  return new TrafficSplit(green);
                }
              });
    }
  }

  static class ClearsTheInterrupt implements RouterContract {
    @Override
    public ProxyUnderTest startProxy() {
      return new FakeProxyUnderTest(
          new FakeRouter(),
          right ->
              new Flawed(right) {
                @Override
                public void apply(Switch change) {
                  Thread.interrupted();
                  super.apply(change);
                }
              });
    }
  }

  static class ThrowsSomethingElseWhereItIsDown implements RouterContract {
    @Override
    public ProxyUnderTest startProxy() {
      return new FakeProxyUnderTest(
          new FakeRouter(),
          right ->
              new Flawed(right) {
                @Override
                public RouterReport open(Opening opening) {
                  RouterReport report = super.open(opening);
                  if (super.current() instanceof RouterTruth.Unreachable down) {
                    throw new IllegalStateException(down.reason());
                  }
                  return report;
                }
              });
    }
  }

  static class ForcesTheSwitch implements RouterContract {
    @Override
    public ProxyUnderTest startProxy() {
      return new FakeProxyUnderTest(
          new FakeRouter(),
          right ->
              new Flawed(right) {
                @Override
                public void apply(Switch change) {
                  TrafficSplit from = ((RouterTruth.Known) super.current()).running();
                  super.apply(
                      new Switch(
                          from,
                          change.to(),
                          change.generation(),
                          change.deploymentId(),
                          change.fence(),
                          change.within()));
                }
              });
    }
  }

  static class OnlyRuns implements RouterContract {
    @Override
    public ProxyUnderTest startProxy() {
      FakeRouter fake = new FakeRouter();
      return new FakeProxyUnderTest(
          fake,
          right ->
              new Flawed(right) {
                @Override
                public void apply(Switch change) {
                  try {
                    fake.next(RouterFault.FAIL_HALF_WAY);
                    super.apply(change);
                  } catch (RouterException swallowed) {
                    if (swallowed.effect() != RouterException.Effect.UNKNOWN) {
                      throw swallowed;
                    }
                  }
                }
              });
    }
  }

  static class PretendsToApply implements RouterContract {
    @Override
    public ProxyUnderTest startProxy() {
      FakeRouter fake = new FakeRouter();
      return new FakeProxyUnderTest(
          fake,
          right ->
              new Flawed(right) {
                @Override
                public void apply(Switch change) {
                  fake.next(RouterFault.PRETEND);
                  super.apply(change);
                }

                @Override
                public int cut(Slot slot) {
                  return 1;
                }
              });
    }

    @Override
    public int switchesUnderLoad() {
      return 2;
    }
  }

  static class PlansByDoing implements RouterContract {
    @Override
    public ProxyUnderTest startProxy() {
      return new FakeProxyUnderTest(
          new FakeRouter(),
          right ->
              new Flawed(right) {
                @Override
                public List<String> plan(Switch change) {
                  List<String> plan = super.plan(change);
                  super.apply(change);
                  return plan;
                }
              });
    }
  }

  static class OpensByWriting implements RouterContract {
    @Override
    public ProxyUnderTest startProxy() {
      FakeRouter fake = new FakeRouter();
      return new FakeProxyUnderTest(
          fake,
          right ->
              new Flawed(right) {
                @Override
                public RouterReport open(Opening opening) {
                  opening
                      .group()
                      .routed()
                      .forEach(service -> fake.switchByHand(service.name(), Color.BLUE, 100));
                  return super.open(opening);
                }
              });
    }
  }

  static class BeginsAgainWithWhatItIsTold implements RouterContract {
    @Override
    public ProxyUnderTest startProxy() {
      FakeRouter fake = new FakeRouter();
      return new FakeProxyUnderTest(
          fake,
          right ->
              new Flawed(right) {
                @Override
                public void serve(Opening opening) {
                  opening
                      .start()
                      .running()
                      .green()
                      .forEach((service, green) -> fake.switchByHand(service, Color.GREEN, green));
                }
              });
    }
  }

  static class ThrowsWhereItIsDown implements RouterContract {
    @Override
    public ProxyUnderTest startProxy() {
      return new FakeProxyUnderTest(
          new FakeRouter(),
          right ->
              new Flawed(right) {
                @Override
                public RouterTruth current() {
                  if (super.current() instanceof RouterTruth.Known known) {
                    return known;
                  }
                  throw new RouterException("down", RouterException.Effect.UNKNOWN);
                }
              });
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

  static class RefusesTheSecondTime implements RouterContract {
    @Override
    public ProxyUnderTest startProxy() {
      return new FakeProxyUnderTest(
          new FakeRouter(),
          right ->
              new Flawed(right) {
                @Override
                public void apply(Switch change) {
                  RouterTruth truth = super.current();
                  if (truth instanceof RouterTruth.Known known
                      && known.running().equals(change.to())) {
                    throw new RouterException("already", RouterException.Effect.UNCHANGED);
                  }
                  super.apply(change);
                }
              });
    }
  }

  static class DeclaresWhatItsMeterDoesNotTell implements RouterContract {
    @Override
    public ProxyUnderTest startProxy() {
      return new FakeProxyUnderTest(
          new FakeRouter(),
          right ->
              new Flawed(right) {
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
              new Flawed(right) {
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
              new Flawed(right) {
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
              new Flawed(right) {
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
              new Flawed(right) {
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
}
