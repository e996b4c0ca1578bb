package io.bluegreen;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The router, opened once, and what it promised then. */
final class OpenRouter {
  private final Setup setup;
  private Optional<RouterReport> report = Optional.empty();

  OpenRouter(Setup setup) {
    this.setup = setup;
  }

  /** Returns what the router promises; opens it the first time. */
  synchronized RouterReport report() {
    if (report.isEmpty()) {
      StateDocument state = Journal.read(setup.store(), setup.group().name());
      report =
          Optional.of(
              setup
                  .router()
                  .open(
                      new Router.Opening(
                          setup.group(),
                          Optional.ofNullable(state.acknowledged),
                          state.generation)));
    }
    return report.get();
  }

  /** Refuses an operation that needs more than the router promises. */
  void require(DeploymentPolicy policy, Operation operation) {
    RouterReport promised = report();
    Set<Guarantee> missing =
        new LinkedHashSet<>(List.of(Guarantee.LOSSLESS, Guarantee.NO_STALE, Guarantee.RELOAD_SAFE));
    if (setup.group().routed().size() > 1 && operation.services().size() != 1) {
      missing.add(Guarantee.ATOMIC_GROUP);
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
}
