package io.bluegreen;

import io.bluegreen.engine.ManagerBuilder;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Deploys the services of one group, blue-green. The one class that a host program calls.
 *
 * <p>Operations block until they have ended and return how; a failure of the candidate is a value,
 * not an exception. Interrupting the calling thread aborts the operation: it goes back, the method
 * returns its result, and the thread's interrupt flag is set again. A thread that was interrupted
 * before has its operation aborted before anything is touched; where another deployment has to be
 * repaired first, that is refused with {@link OperationRefusedException}, or reported as on hold. A
 * caller that only looks ({@link #plan}, {@link #status}, {@link #history}, {@link #running}) is
 * answered on an interrupted thread, too; an interruption meanwhile ends the wait with {@link
 * OperationRefusedException}. Each says what is serving, where that is known, and sets the flag
 * again. Exceptions are for what could not begin.
 *
 * <p>One operation acts on a group at a time, over all threads and processes; a second one is
 * refused, and the exception names the holder. A process that is killed at any instruction leaves a
 * record: the next operation, or {@link #recover}, finds out from the router what is serving and
 * repairs it first.
 *
 * <p>Safe for use by several threads. Get one from {@link #builder}.
 */
public interface BlueGreenManager extends AutoCloseable {
  /** How many deployments of the past are kept. */
  int HISTORY = 100;

  /**
   * Returns a builder for a manager of this group.
   *
   * @param group 1 to 63 of {@code a-z}, {@code 0-9} and {@code -}, not starting with {@code -}
   */
  static ManagerBuilder builder(String group) {
    Objects.requireNonNull(group, "group");
    return new ManagerBuilder(group);
  }

  /**
   * Returns what looks at a group, and speaks to its deployments, by its store alone.
   *
   * @param group the name of the group
   * @param store where its state is kept; the caller that opened it closes it
   */
  static Console console(String group, StateStore store) {
    return console(group, store, TimeSource.system());
  }

  /**
   * As {@link #console(String, StateStore)}, for tests: what it says is said by this time.
   *
   * @param time the time source that the manager of the group has, too
   */
  static Console console(String group, StateStore store, TimeSource time) {
    return ManagerBuilder.console(group, store, time);
  }

  /** Starts a release on the idle colour, proves it, and moves the traffic to it. */
  default DeploymentResult deployNewVersion(Release release) {
    Objects.requireNonNull(release, "release");
    return run(Operation.deploy(release));
  }

  /** Moves the traffic to a colour that runs already, after the same proofs. */
  default DeploymentResult switchTraffic(Color to) {
    Objects.requireNonNull(to, "to");
    return run(Operation.switchTo(to));
  }

  /** Moves the traffic back to the warm former live colour, after the same proofs. */
  default DeploymentResult rollback() {
    return run(Operation.rollback());
  }

  /**
   * Does what is asked.
   *
   * @throws IllegalArgumentException if the operation names a service that the group does not have,
   *     or its policy a gate that the manager does not have
   * @throws DeploymentInProgressException if somebody acts on the group
   * @throws DeploymentSuspendedException if a deployment of the group waits to be carried on
   * @throws DriftException if the router serves what nobody acknowledged
   * @throws OperationRefusedException if it makes no sense as things are, or the router does not
   *     promise enough for it
   * @throws RouterException if the router can't be opened
   * @throws StoreException if the state can't be read or written, or is corrupt
   * @throws IllegalStateException if the manager is closed
   */
  DeploymentResult run(Operation operation);

  /**
   * Starts what {@link #run} does, and does not wait for it: for a host that shows a deployment
   * while it runs, such as a web application. What {@code run} throws is in the {@linkplain
   * SubmittedDeployment#result result}, but for what is wrong with the call itself. Whether the
   * calling thread is interrupted makes no difference; {@link #close} treats it as any deployment.
   *
   * <p>With {@code VirtualTime} the deployment has come to its first wait when this returns, and
   * goes on while the calling thread waits: for its result, or until time has passed.
   *
   * @return the deployment, which may still wait for the process that holds the group
   * @throws IllegalArgumentException if the operation names a service that the group does not have,
   *     or its policy a gate that the manager does not have
   * @throws IllegalStateException if the manager is closed
   */
  SubmittedDeployment submit(Operation operation);

  /**
   * Returns what {@link #run} would do as things are now. Touches nothing and needs no lease; an
   * embedded router is not made to listen by it. Where somebody holds the group, the first warning,
   * or the refusal, names them.
   *
   * @throws DeploymentInProgressException if it is refused while somebody acts on the group, who
   *     may be the reason
   * @throws BlueGreenException as {@link #run}, where the operation could not begin
   */
  DeploymentPlan plan(Operation operation);

  /**
   * Finishes the deployment that waits and that nobody acts on: its manager was closed, or its
   * process was killed, while it held the traffic, baked, was paused, or waited for a person. What
   * is left of a hold or a bake starts again, because nobody watched meanwhile; the time that a
   * person has goes on. Where router, candidate or a person's wish have changed since, it is ended
   * as {@link #recover} would, and the result says how.
   *
   * @throws OperationRefusedException if no deployment waits, the router does not promise what it
   *     needs, or it can't be told what is so
   * @throws DeploymentInProgressException if somebody acts on the group
   * @throws IllegalArgumentException if its policy names a gate or a hook that the manager does not
   *     have
   * @throws RouterException if the router can't be opened or asked
   * @throws StoreException if the state can't be read or written, or is corrupt
   */
  DeploymentResult carryOn();

  /**
   * Returns the deployment that runs now in any process, or that is suspended. Where this manager
   * runs it for {@link #submit} or {@link #run}, it is a {@link SubmittedDeployment}, whose result
   * can be waited for; of another process's only the {@link #history} tells how it ended.
   */
  Optional<RunningDeployment> running();

  /**
   * Opens the router and repairs what a killed process left behind. Every operation does so first;
   * call it at the start of a host program to know early, and so that an embedded router listens.
   *
   * @throws RouterException if the router can't be opened
   * @throws StoreException if the state can't be read or written, or is corrupt
   */
  RecoveryReport recover();

  /**
   * As {@link #recover()}, and settles what that leaves to a person: a router that serves what
   * nobody acknowledged, or a deployment that can't be repaired.
   *
   * @param settlement what a person has decided
   * @param by who decided; not blank
   * @throws RouterException if the router can't be opened or asked, or a switch was not proven
   * @throws StoreException if the state can't be read or written, or is corrupt
   */
  RecoveryReport recover(RecoveryChoice settlement, String by);

  /**
   * Returns how the group stands. Probes every instance once; touches nothing and needs no lease.
   * An embedded router is not made to listen by it; where it does not listen in this process, the
   * status says who holds the group, and what it will serve by the record. Nor does it fail where
   * the router can't be opened: then its truth is {@link RouterTruth.Unreachable}, with the reason.
   *
   * @throws StoreException if the state can't be read, or is corrupt
   */
  Status status();

  /**
   * Returns the deployments of the past, the latest first; the last {@value #HISTORY} are kept.
   *
   * @throws StoreException if the state can't be read, or is corrupt
   */
  List<DeploymentRecord> history();

  /**
   * Suspends what waits, aborts what acts, waits until that has ended, and closes the router,
   * checks, gates, launchers and store that the manager was given. Launched processes and the
   * traffic stay as they are (an embedded router ends). An interrupted thread closes them all the
   * same, and keeps its flag. What can't be closed, or not within 10 s, is logged, and another call
   * tries it again; otherwise a second call does nothing.
   */
  @Override
  void close();
}
