package io.bluegreen;

import java.time.Instant;
import java.util.Objects;

/**
 * Who holds a group's lease. Immutable.
 *
 * @param group the name of the group
 * @param deploymentId the id of the deployment for which it is held
 * @param pid the id of the process that holds it, as that process sees it
 * @param host the name of its machine
 * @param since when it was acquired
 */
public record LeaseOwner(String group, String deploymentId, long pid, String host, Instant since)
    implements JsonForm {
  /** Refuses null. */
  public LeaseOwner {
    Objects.requireNonNull(group, "group");
    Objects.requireNonNull(deploymentId, "deploymentId");
    Objects.requireNonNull(host, "host");
    Objects.requireNonNull(since, "since");
  }

  /** Returns the owner for a person. */
  @Override
  public String toString() {
    return "deployment "
        + deploymentId
        + " of group "
        + group
        + " (pid "
        + pid
        + " on "
        + host
        + ", since "
        + since
        + ")";
  }
}
