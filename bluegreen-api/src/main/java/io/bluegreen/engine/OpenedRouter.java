package io.bluegreen.engine;

import io.bluegreen.DeploymentPolicy;
import io.bluegreen.Operation;
import io.bluegreen.OperationRefusedException;
import io.bluegreen.Router;
import io.bluegreen.RouterException;
import io.bluegreen.RouterGuarantee;
import io.bluegreen.RouterReport;
import io.bluegreen.RouterTruth;
import io.bluegreen.Switch;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;

/** The router, opened once, and what it promised then. */
final class OpenedRouter {
  private static final Duration ANSWER = Duration.ofSeconds(30);

  private final ManagerSetup setup;
  private final AtomicBoolean storeTold = new AtomicBoolean();
  private Optional<RouterReport> report = Optional.empty();

  OpenedRouter(ManagerSetup setup) {
    this.setup = setup;
  }

  /** Returns what the router promises; opens it the first time. */
  synchronized RouterReport report() {
    if (report.isEmpty()) {
      Router.Opening opening = opening();
      report =
          Optional.of(
              asked(
                  "be opened",
                  () -> {
                    AddressCheck.check(setup.group());
                    return setup.router().open(opening);
                  }));
    }
    return report.get();
  }

  /**
   * Returns the store's warnings the first time, then none: deployments tell them once, each status
   * again.
   */
  List<String> onceOfStore() {
    return storeTold.compareAndSet(false, true) ? setup.store().warnings() : List.of();
  }

  private Router.Opening opening() {
    return Journal.read(setup.store(), setup.group().name()).opening(setup.group());
  }

  /** Makes a router that is itself the proxy serve; under the lease. */
  void serve(StateDocument state) {
    Router.Opening opening = state.opening(setup.group());
    asked(
        "begin to serve",
        () -> {
          setup.router().serve(opening);
          return true;
        });
  }

  /** Refuses an operation that needs more than the router promises. */
  void require(DeploymentPolicy policy, Operation operation) {
    RouterReport promised = report();
    Set<RouterGuarantee> missing =
        new LinkedHashSet<>(
            List.of(
                RouterGuarantee.LOSSLESS, RouterGuarantee.NO_STALE, RouterGuarantee.RELOAD_SAFE));
    if (setup.group().routed().size() > 1 && operation.services().size() != 1) {
      missing.add(RouterGuarantee.ATOMIC_GROUP);
    }
    missing.removeAll(promised.guarantees());
    missing.removeAll(policy.without());
    if (!missing.isEmpty()) {
      throw new OperationRefusedException(
          operation
              + " is refused: the router, as its proxy is configured, does not promise "
              + missing
              + ": "
              + promised.warnings()
              + "; mend that, or accept it with DeploymentPolicy.acceptWithout");
    }
  }

  /**
   * Returns what the router serves; a router that does not answer is unreachable. For a router that
   * does not serve here yet, this tells what it would start with now, not when it was opened.
   */
  RouterTruth truth() {
    try {
      RouterTruth truth = asked("be asked what it serves", setup.router()::current);
      return truth instanceof RouterTruth.NotServing not
          ? new RouterTruth.NotServing(opening().start(), not.reason())
          : truth;
    } catch (RouterException e) {
      return new RouterTruth.Unreachable(StepNotDone.reason(e));
    }
  }

  List<String> plan(Switch change) {
    return asked("plan a switch", () -> setup.router().plan(change));
  }

  private <T> T asked(String what, Callable<T> question) {
    try {
      return setup.time().within(ANSWER, question);
    } catch (RouterException e) {
      throw CallerStack.seen(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new RouterException(
          "interrupted before the router could " + what, RouterException.Effect.UNCHANGED, e);
    } catch (Exception e) {
      throw new RouterException(
          "the router could not " + what + ": " + StepNotDone.reason(e),
          RouterException.Effect.UNCHANGED,
          e);
    }
  }
}
