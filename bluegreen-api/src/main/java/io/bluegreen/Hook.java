package io.bluegreen;

import io.bluegreen.support.ArgumentChecks;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * A named action of the host's own at one point of a deployment, such as a database migration or an
 * acceptance test. A hook that throws fails the deployment.
 */
@FunctionalInterface
public interface Hook {
  /**
   * Acts. May block; it is interrupted at the policy's limit.
   *
   * @throws HookRefusedException if it has done nothing: then it is not undone
   * @throws Exception if it failed and may have done something: then it is undone
   */
  void run(Context context) throws Exception;

  /**
   * Takes back what {@link #run} did, when the deployment fails later. It is called at least once
   * for a run that was started, perhaps by another process and more than once; the id of the
   * deployment tells which run it is. By default nothing.
   */
  default void undo(Context context) throws Exception {
    Objects.requireNonNull(context, "context");
  }

  /**
   * Returns whether nothing leads back once this hook has started, such as a migration of a
   * database that the former version can't read: a failure, or an abort, behind it leaves traffic
   * and slots as they are, for a person. By default no; a policy can say so of a hook, too.
   */
  default boolean isPointOfNoReturn() {
    return false;
  }

  /**
   * What a hook is told. Immutable.
   *
   * @param deploymentId the id of the deployment
   * @param release the release to deploy, if the operation has one
   * @param candidates the slots that are to get the traffic
   */
  record Context(String deploymentId, Optional<Release> release, List<Slot> candidates) {
    /** Refuses null. */
    public Context {
      Objects.requireNonNull(deploymentId, "deploymentId");
      Objects.requireNonNull(release, "release");
      ArgumentChecks.noNulls("candidates", candidates);
    }
  }
}
