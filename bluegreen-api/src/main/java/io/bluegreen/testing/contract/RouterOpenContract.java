package io.bluegreen.testing.contract;

import static io.bluegreen.Color.GREEN;
import static org.assertj.core.api.Assertions.assertThat;

import io.bluegreen.Router;
import io.bluegreen.RouterException;
import io.bluegreen.RouterTruth;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/**
 * The promises of a {@link io.bluegreen.Router} about {@code open()} and {@code serve()}: to look,
 * and to change nothing of a proxy that serves. Part of {@link RouterContract}.
 */
public interface RouterOpenContract {
  /** Starts a proxy that was never switched, with applications behind it; the clause closes it. */
  ProxyUnderTest startProxy();

  @Test
  default void openOnlyReads() throws Exception {
    try (RouterBench bench = new RouterBench(startProxy())) {
      bench.switchTo(GREEN);
      RouterTruth before = bench.truth();
      bench.reopen();
      String promise = "open() promises to change nothing";
      bench.tells(promise, before);
      bench.answersOnly(promise, bench.all(GREEN));
    }
  }

  @Test
  default void serveOpensTheDoorsOfARouterThatIsTheProxyAndChangesNoOther() throws Exception {
    try (RouterBench bench = new RouterBench(startProxy());
        Router second = bench.proxy.router()) {
      bench.switchTo(GREEN);
      RouterTruth before = bench.truth();
      second.open(bench.opening());
      String promise = "serve() promises to change nothing where the proxy is another program";
      if (!bench.proxy.outlivesItsRouter()) {
        String looking = "open() promises to open no door: serve() does, under the lease";
        assertThat(second.current())
            .as(looking)
            .isInstanceOfSatisfying(
                RouterTruth.NotServing.class,
                not -> assertThat(not.once().running()).isEqualTo(bench.all(GREEN)));
        bench.answersOnly(
            "a second router promises to leave one that serves alone", bench.all(GREEN));
        bench.router.close();
        bench.servesNobody(looking);
        promise = "serve() promises to start with what was acknowledged, and to do nothing again";
      }
      second.serve(bench.opening());
      second.serve(new Router.Opening(bench.proxy.group(), Optional.empty(), 0));
      bench.router = second;
      bench.tells(promise, before);
      bench.answersOnly(promise, bench.all(GREEN));
    }
  }

  @Test
  default void aProxyThatIsDownIsARouterExceptionOfOpenOrUnreachable() {
    try (RouterBench bench = new RouterBench(startProxy())) {
      bench.router.close();
      bench.proxy.goDown();
      bench.router = bench.proxy.router();
      String promise =
          "open() promises a RouterException, and nothing else, where the proxy is down; a router"
              + " that opens all the same says UNREACHABLE, unless it is the proxy";
      try {
        bench.router.open(new Router.Opening(bench.proxy.group(), Optional.empty(), 0));
        RouterTruth truth = bench.router.current();
        boolean told = truth instanceof RouterTruth.Unreachable;
        Promise.kept(promise, told || !bench.proxy.outlivesItsRouter(), () -> truth);
      } catch (RouterException refusal) {
        Promise.kept(promise, !String.valueOf(refusal.getMessage()).isBlank(), () -> refusal);
      } catch (RuntimeException other) {
        Promise.kept(promise, false, () -> other);
      }
    }
  }
}
