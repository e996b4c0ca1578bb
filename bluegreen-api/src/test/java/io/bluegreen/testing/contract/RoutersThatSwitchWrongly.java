package io.bluegreen.testing.contract;

import io.bluegreen.Color;
import io.bluegreen.RouterException;
import io.bluegreen.RouterTruth;
import io.bluegreen.Slot;
import io.bluegreen.Switch;
import io.bluegreen.TrafficSplit;
import io.bluegreen.testing.FakeRouter;
import io.bluegreen.testing.RouterFault;
import java.util.HashMap;
import java.util.Map;

/** Routers that are right, except in the switches that they make or refuse. */
final class RoutersThatSwitchWrongly {
  private RoutersThatSwitchWrongly() {}

  private static Switch withFence(Switch change, long fence) {
    return new Switch(
        change.from(),
        change.to(),
        change.generation(),
        change.deploymentId(),
        fence,
        change.within());
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

  static class ForgetsTheFence implements RouterContract {
    @Override
    public ProxyUnderTest startProxy() {
      return new FakeProxyUnderTest(
          new FakeRouter(),
          right ->
              new FlawedRouter(right) {
                @Override
                public void apply(Switch change) {
                  super.apply(withFence(change, 1));
                }
              });
    }
  }

  static class TakesLateSwitches implements RouterContract {
    @Override
    public ProxyUnderTest startProxy() {
      return new FakeProxyUnderTest(
          new FakeRouter(),
          right ->
              new FlawedRouter(right) {
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
              new FlawedRouter(right) {
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
              new FlawedRouter(right) {
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
              new FlawedRouter(right) {
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
              new FlawedRouter(right) {
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

  static class MovesTheOthersToBlue implements RouterContract {
    @Override
    public ProxyUnderTest startProxy() {
      return new FakeProxyUnderTest(
          new FakeRouter(),
          right ->
              new FlawedRouter(right) {
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
              new FlawedRouter(right) {
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
              new FlawedRouter(right) {
                @Override
                public void apply(Switch change) {
                  Thread.interrupted();
                  super.apply(change);
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
              new FlawedRouter(right) {
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

  static class PretendsToApply implements RouterContract {
    @Override
    public ProxyUnderTest startProxy() {
      FakeRouter fake = new FakeRouter();
      return new FakeProxyUnderTest(
          fake,
          right ->
              new FlawedRouter(right) {
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

  static class RefusesTheSecondTime implements RouterContract {
    @Override
    public ProxyUnderTest startProxy() {
      return new FakeProxyUnderTest(
          new FakeRouter(),
          right ->
              new FlawedRouter(right) {
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
}
