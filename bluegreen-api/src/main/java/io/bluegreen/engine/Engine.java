package io.bluegreen.engine;

import io.bluegreen.DeploymentPolicy;
import io.bluegreen.DeploymentResult;
import io.bluegreen.LeaseLostException;
import io.bluegreen.Outcome;
import io.bluegreen.Phase;
import io.bluegreen.ProgressEvent;
import io.bluegreen.engine.JournalEntry.Mark;
import java.time.Duration;
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

  private final OperationRun run;
  private final Plan plan;
  private final Preflight preflight;
  private Optional<Phase> phase = Optional.empty();

  Engine(OperationRun run, Plan plan) {
    this.run = run;
    this.plan = plan;
    this.preflight = new Preflight(run, plan);
  }

  /** Records the deployment as open, and carries it out. */
  DeploymentResult execute() {
    begin();
    run.whole.begin(Duration.ZERO);
    return carryOut(0, new TreeMap<>());
  }

  /**
   * Goes on with a deployment that was begun by another process, at its first step that is not
   * known to be done.
   *
   * @param intended the steps that may have had an effect already
   */
  DeploymentResult carryOn(SortedMap<Integer, Step> intended) {
    String at = run.journal.open().last().map(JournalEntry::what).orElse("");
    run.tell(stamp -> new ProgressEvent.CarriedOn(stamp, at));
    run.whole.begin(run.journal.open().spent);
    return carryOut(run.journal.open().next(), new TreeMap<>(intended));
  }

  private DeploymentResult carryOut(int first, SortedMap<Integer, Step> intended) {
    int finishing = Math.max(first, plan.decisive());
    try {
      walk(first, finishing, intended);
      run.whole.end();
      // From here on the deployment is done: a failure leaves the former live colour as it is.
      run.journal.intent(finishing().at(finishing, Mark.INTENT));
    } catch (StepNotDone failure) {
      return failure.isSuspended() ? new Ending(run).suspended(failure) : undo(intended, failure);
    } catch (InterruptedException e) {
      return undo(intended, StepNotDone.aborted("the engine's thread was interrupted"));
    } catch (LeaseLostException e) {
      throw e; // Somebody else may act by now: nothing is undone here.
    } catch (RuntimeException e) {
      return undo(intended, StepNotDone.because(e));
    }
    retire(finishing);
    return new Ending(run).succeeded(plan);
  }

  /** Does the steps from one place in the plan up to another, without that one. */
  private void walk(int from, int to, SortedMap<Integer, Step> intended)
      throws StepNotDone, InterruptedException {
    for (int place = from; place < to; place++) {
      Step step = plan.steps().get(place);
      preflight.before(place);
      run.events.at(place);
      enter(step.phase());
      run.endIfAsked();
      carryOut(step, place, intended);
    }
  }

  /**
   * Does one step: its intent, its effect, its fact. Where the intent can't be saved, or the step
   * is refused, it was not begun: nothing of it is undone, and nothing of it stays on record.
   */
  private void carryOut(Step step, int place, SortedMap<Integer, Step> intended)
      throws StepNotDone, InterruptedException {
    step.before(run);
    OpenDeployment open = run.journal.open();
    boolean noReturn = open.noReturn;
    boolean moved = open.moved;
    Runnable asBefore =
        () -> {
          open.noReturn = noReturn;
          open.moved = moved;
          step.refused(run);
        };
    open.spent = run.whole.spent();
    try {
      run.journal.intent(step.entry(run).at(place, Mark.INTENT));
    } catch (RuntimeException e) {
      asBefore.run();
      throw e;
    }
    intended.put(place, step);
    try {
      if (Thread.interrupted()) {
        neverBegun(place, intended, asBefore);
        throw new InterruptedException();
      }
      step.run(run);
    } catch (StepNotDone failure) {
      if (step.isRefusal(failure)) {
        neverBegun(place, intended, asBefore);
        run.events.warn(
            "\"" + step.what() + "\" was refused and did nothing, so that nothing of it is undone");
      }
      throw failure;
    }
    run.journal.done();
  }

  private void neverBegun(int place, SortedMap<Integer, Step> intended, Runnable asBefore) {
    intended.remove(place);
    asBefore.run();
    withdraw();
  }

  private void withdraw() {
    try {
      run.journal.withdraw();
    } catch (LeaseLostException e) {
      throw e;
    } catch (RuntimeException e) {
      run.events.warn("it is not on record that nothing was done: " + StepNotDone.reason(e), e);
    }
  }

  /** Returns the journal line after which the deployment counts as done. */
  private JournalEntry finishing() {
    return new JournalEntry(
        -1,
        Mark.INTENT,
        StepKind.FINISH,
        Phase.FINISH,
        "",
        "finish",
        run.setup.time().now(),
        run.policy.limits().drain(),
        null,
        null);
  }

  /**
   * Retires the former live colour, as far as that goes: a failure is a warning, not a way back.
   */
  private void retire(int place) {
    try {
      walk(place, plan.steps().size(), new TreeMap<>());
    } catch (LeaseLostException e) {
      throw e;
    } catch (StepNotDone | InterruptedException | RuntimeException e) {
      run.events.warn("the former live colour was not retired: " + StepNotDone.reason(e), e);
    }
  }

  private void enter(Phase next) {
    if (!phase.equals(Optional.of(next))) {
      phase = Optional.of(next);
      run.tell(stamp -> new ProgressEvent.PhaseEntered(stamp, next));
    }
  }

  private void begin() {
    OpenDeployment open = new OpenDeployment();
    open.id = run.id;
    open.operation = run.operation.toString();
    open.kind = run.operation.kind();
    open.release = run.operation.release().orElse(null);
    open.target = run.operation.target().orElse(null);
    open.gradual = run.operation.isGradual();
    open.version = run.operation.version().orElse(null);
    open.services.addAll(run.operation.services());
    open.about = plan.version(run.operation, run.state()).orElse(null);
    open.by = run.operation.by();
    open.why = run.operation.why();
    open.force = run.operation.force().orElse(null);
    open.startedAt = run.setup.time().now();
    open.policy = run.policy;
    open.from = plan.from();
    open.to = plan.to();
    open.candidates.putAll(plan.candidates());
    open.unassigned.addAll(plan.unassigned());
    open.foundLive.addAll(plan.foundLive());
    run.state().untouched.addAll(plan.unassigned());
    run.state().untouched.addAll(plan.foundLive());
    run.state().servedIsNotStopped(plan.from(), plan.unassigned());
    open.handovers.putAll(plan.handovers());
    plan.steps().forEach(step -> open.plan.add(step.line()));
    run.state().open = open;
    run.journal.save();
    run.events.planned(plan.steps().size());
    run.tell(
        stamp ->
            new ProgressEvent.Started(
                stamp, open.operation, plan.steps().stream().map(Step::what).toList()));
  }

  private DeploymentResult undo(SortedMap<Integer, Step> intended, StepNotDone failure) {
    log.debug("the way forward ended", failure);
    run.whole.end();
    Thread.interrupted(); // The interruption asked for the way back, which starts here.
    if (run.journal.open().noReturn) {
      return leave(intended, failure, "left as it is after the point of no return");
    }
    boolean freezes =
        !failure.isAbort() && run.policy.has(DeploymentPolicy.Option.FREEZE_ON_FAILURE);
    if (freezes && mayHaveMoved(intended)) {
      return leave(intended, failure, "left as it is by policy");
    }
    return new Ending(run).failed(failure, new Undo(run).back(intended, failure));
  }

  /** Leaves traffic and slots as they are, but leaves no background service half handed over. */
  private DeploymentResult leave(
      SortedMap<Integer, Step> intended, StepNotDone failure, String why) {
    run.journal.open().noReturn = true;
    Optional<StepNotDone> unproven = new Undo(run).halves(intended, failure);
    return new Ending(run)
        .failed(Outcome.FROZEN, failure, why + unproven.map(e -> "; " + e.reason()).orElse(""));
  }

  private boolean mayHaveMoved(SortedMap<Integer, Step> intended) {
    try {
      return intended.values().stream().anyMatch(MoveStep.class::isInstance)
          && !run.traffic.truth().wholly(run.journal.open().from);
    } catch (StepNotDone e) {
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return true;
    }
  }
}
