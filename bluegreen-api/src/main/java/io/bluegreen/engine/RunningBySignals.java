package io.bluegreen.engine;

import io.bluegreen.OperationRefusedException;
import io.bluegreen.Owner;
import io.bluegreen.Phase;
import io.bluegreen.RunningDeployment;
import io.bluegreen.Signal;
import java.util.Optional;

/** Speaks to a deployment by signals, wherever it runs. */
final class RunningBySignals implements RunningDeployment {
  private final Setup setup;
  private final String id;
  private final Optional<Owner> owner;

  RunningBySignals(Setup setup, String id, Optional<Owner> owner) {
    this.setup = setup;
    this.id = id;
    this.owner = owner;
  }

  @Override
  public String id() {
    return id;
  }

  @Override
  public Optional<Owner> owner() {
    return owner;
  }

  @Override
  public Optional<Phase> phase() {
    return open().flatMap(OpenDeployment::last).map(StateDocument.Entry::phase);
  }

  private Optional<OpenDeployment> open() {
    return Optional.ofNullable(Journal.read(setup.store(), setup.group().name()).open)
        .filter(open -> open.id.equals(id));
  }

  @Override
  public void abort(String by, String why) {
    post(Signal.Kind.ABORT, by, why);
  }

  @Override
  public void approve(String by, String why) {
    post(Signal.Kind.APPROVE, by, why);
  }

  @Override
  public void pause(String by, String why) {
    post(Signal.Kind.PAUSE, by, why);
  }

  @Override
  public void resume(String by, String why) {
    post(Signal.Kind.RESUME, by, why);
  }

  private void post(Signal.Kind kind, String by, String why) {
    Signal signal = new Signal(id(), kind, by, why, setup.time().now());
    boolean runs = setup.store().holder().map(now -> now.deploymentId().equals(id)).orElse(false);
    if (!runs && open().isEmpty()) {
      throw new OperationRefusedException(
          "deployment " + id() + " has ended: " + kind + " comes too late; history() says how");
    }
    setup.store().post(signal);
  }

  @Override
  public String toString() {
    return owner.map(Owner::toString).orElse("deployment " + id + ", suspended");
  }
}
