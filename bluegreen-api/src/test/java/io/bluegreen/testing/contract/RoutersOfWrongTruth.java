package io.bluegreen.testing.contract;

import io.bluegreen.Color;
import io.bluegreen.Instance;
import io.bluegreen.Listening;
import io.bluegreen.RouterException;
import io.bluegreen.RouterReport;
import io.bluegreen.RouterTruth;
import io.bluegreen.Switch;
import io.bluegreen.testing.FakeRouter;
import io.bluegreen.testing.RouterFault;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;

/** Routers that are right, except in what they say of the proxy or do to it by looking. */
final class RoutersOfWrongTruth {
  private RoutersOfWrongTruth() {}

  static class AnswersFromMemory implements RouterContract {
    @Override
    public ProxyUnderTest startProxy() {
      return new FakeProxyUnderTest(
          new FakeRouter(),
          right ->
              new FlawedRouter(right) {
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
              new FlawedRouter(right) {
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
              new FlawedRouter(right) {
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

  static class OnlyRuns implements RouterContract {
    @Override
    public ProxyUnderTest startProxy() {
      FakeRouter fake = new FakeRouter();
      return new FakeProxyUnderTest(
          fake,
          right ->
              new FlawedRouter(right) {
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

  static class PlansByDoing implements RouterContract {
    @Override
    public ProxyUnderTest startProxy() {
      return new FakeProxyUnderTest(
          new FakeRouter(),
          right ->
              new FlawedRouter(right) {
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
              new FlawedRouter(right) {
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
              new FlawedRouter(right) {
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

  static class TakesWhatRunsForAnEmptyMachine implements RouterContract {
    @Override
    public ProxyUnderTest startProxy() {
      return new FakeProxyUnderTest(
          new FakeRouter(),
          right ->
              new FlawedRouter(right) {
                @Override
                public Listening listens(Instance instance, Duration within) {
                  return Listening.NO;
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
              new FlawedRouter(right) {
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

  static class ThrowsSomethingElseWhereItIsDown implements RouterContract {
    @Override
    public ProxyUnderTest startProxy() {
      return new FakeProxyUnderTest(
          new FakeRouter(),
          right ->
              new FlawedRouter(right) {
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
}
