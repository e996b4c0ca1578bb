package io.bluegreen.engine;

import io.bluegreen.DeploymentResult;
import io.bluegreen.LeaseOwner;
import io.bluegreen.OperationRefusedException;
import io.bluegreen.Phase;
import io.bluegreen.Signal;
import io.bluegreen.StoreException;
import io.bluegreen.SubmittedDeployment;
import io.bluegreen.engine.EngineThreads.Task;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A deployment of this manager, as the host sees it from its request to its end. */
final class OwnDeployment implements SubmittedDeployment {
  private static final Logger log = LoggerFactory.getLogger(OwnDeployment.class);

  private final GroupRecord group;
  private final String id;
  private final Task<DeploymentResult> task;
  private final EngineThreads threads;

  OwnDeployment(GroupRecord group, String id, Task<DeploymentResult> task, EngineThreads threads) {
    this.group = group;
    this.id = id;
    this.task = task;
    this.threads = threads;
  }

  @Override
  public String id() {
    return id;
  }

  @Override
  public Optional<LeaseOwner> owner() {
    return group.store().holder().filter(owner -> owner.deploymentId().equals(id));
  }

  @Override
  public Optional<Phase> phase() {
    return new RunningBySignals(group, id, Optional.empty()).phase();
  }

  @Override
  public CompletableFuture<DeploymentResult> result() {
    CompletableFuture<DeploymentResult> theirs = group.time().future();
    if (task.result().isDone()) {
      pass(theirs);
    } else {
      // On another thread: what the host does with one must delay neither another nor the engine.
      CompletableFuture<?> unused =
          task.result().whenComplete((done, failed) -> threads.besideOrHere(() -> pass(theirs)));
    }
    return theirs;
  }

  /** Passes the result on; a failure as it is, without a wrapper around it. */
  private void pass(CompletableFuture<DeploymentResult> theirs) {
    CompletableFuture<?> unused =
        task.result()
            .whenComplete(
                (done, failed) -> {
                  if (failed == null) {
                    theirs.complete(done);
                  } else {
                    theirs.completeExceptionally(failed);
                  }
                });
  }

  @Override
  public void abort(String by, String why) {
    Signal signal = signal(Signal.Kind.ABORT, by, why);
    try {
      post(signal);
    } catch (StoreException e) {
      log.warn("deployment {} is aborted, but that is not on record", id, e);
      task.interventions().abort("aborted by " + Interventions.said(signal));
    }
  }

  @Override
  public void approve(String by, String why) {
    post(signal(Signal.Kind.APPROVE, by, why));
  }

  @Override
  public void pause(String by, String why) {
    post(signal(Signal.Kind.PAUSE, by, why));
  }

  @Override
  public void resume(String by, String why) {
    post(signal(Signal.Kind.RESUME, by, why));
  }

  private Signal signal(Signal.Kind kind, String by, String why) {
    return new Signal(id, kind, by, why, group.time().now());
  }

  private void post(Signal signal) {
    if (task.result().isDone()) {
      throw new OperationRefusedException(
          "deployment "
              + id
              + " has ended: "
              + signal.kind()
              + " comes too late; its result() says how");
    }
    task.interventions().posted();
    group.store().post(signal);
  }

  @Override
  public String toString() {
    return "deployment " + id + " of group " + group.group() + ", in this process";
  }
}
