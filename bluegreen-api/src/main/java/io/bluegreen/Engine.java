package io.bluegreen;

import io.bluegreen.StateDocument.Mark;
import io.bluegreen.StateDocument.OpenDeployment;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries out a plan: each step is journaled as intent, done, read back, journaled as fact, and
 * told. When one fails, what was done is undone, backwards.
 */
final class Engine {
  private static final Logger log = LoggerFactory.getLogger(Engine.class);

  private final Run run;
  private final Plan plan;

  Engine(Run run, Plan plan) {
    this.run = run;
    this.plan = plan;
  }

  DeploymentResult execute() {
    TreeMap<Integer, Step> intended = new TreeMap<>();
    Optional<Phase> phase = Optional.empty();
    begin();
    try {
      for (Step step : plan.steps()) {
        if (!phase.equals(Optional.of(step.phase()))) {
          phase = Optional.of(step.phase());
          run.tell((at, id) -> new DeploymentEvent.PhaseEntered(at, id, step.phase()));
        }
        run.wishes.heed();
        step.before(run);
        run.journal.intent(step.entry(run).at(intended.size(), Mark.INTENT));
        intended.put(intended.size(), step);
        try {
          step.run(run);
        } catch (StepFailed failure) {
          if (step.phase().compareTo(Phase.DRAIN) < 0 || failure.isAbort()) {
            throw failure;
          }
          run.events.warn(step.what() + " failed: " + failure.reason(), failure);
        }
        run.journal.done();
      }
      return new Ending(run).succeeded(plan);
    } catch (StepFailed failure) {
      return undo(intended, failure);
    } catch (InterruptedException e) {
      return undo(intended, StepFailed.aborted("the engine's thread was interrupted"));
    } catch (LeaseLostException e) {
      throw e; // Somebody else may act by now: nothing is undone here.
    } catch (RuntimeException e) {
      return undo(intended, StepFailed.because(Run.reason(e), e));
    }
  }

  private void begin() {
    OpenDeployment open = new OpenDeployment();
    open.id = run.id;
    open.operation = run.operation.toString();
    open.kind = run.operation.kind();
    open.release = run.operation.release().orElse(null);
    open.target = run.operation.target().orElse(null);
    open.by = run.operation.by();
    open.why = run.operation.why();
    open.force = run.operation.force().orElse(null);
    open.startedAt = run.setup.time().now();
    open.policy = run.policy;
    open.from = plan.from();
    open.to = plan.to();
    open.candidates.putAll(plan.candidates());
    open.unassigned.addAll(plan.unassigned());
    run.state().untouched.addAll(plan.unassigned());
    open.handedOver.putAll(plan.handedOver());
    open.formerBefore.putAll(run.state().former);
    run.state().open = open;
    run.journal.save();
    run.tell(
        (at, id) ->
            new DeploymentEvent.Started(
                at, id, open.operation, plan.steps().stream().map(Step::what).toList()));
  }

  private DeploymentResult undo(SortedMap<Integer, Step> intended, StepFailed failure) {
    log.debug("the way forward ended", failure);
    boolean moved = intended.values().stream().anyMatch(MoveStep.class::isInstance);
    Ending ending = new Ending(run);
    if (moved && run.policy.has(DeploymentPolicy.Option.FREEZE_ON_FAILURE)) {
      return ending.failed(Outcome.FROZEN, failure, "left as it is by policy");
    }
    return ending.failed(failure, new Undo(run).back(intended, failure));
  }
}
