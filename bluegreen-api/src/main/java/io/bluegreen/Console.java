package io.bluegreen;

import java.util.List;
import java.util.Optional;

/**
 * What can be seen of a group, and said to its deployments, by its store alone: for an operator's
 * console, a status page or a chat bot that neither knows the router nor can launch anything. Get
 * one from {@link BlueGreenManager#console}.
 *
 * <p>Looking needs no lease, writes nothing, and is answered while another process deploys; of what
 * the router serves at this moment it knows only the record, {@link BlueGreenManager#status} asks
 * the router. Safe for use by several threads.
 */
public interface Console {
  /**
   * Returns how the group stands by its record.
   *
   * @throws StoreException if the state can't be read, or is corrupt
   */
  RecordedStatus status();

  /**
   * Returns the deployment that runs now in any process, or that is suspended: to be approved,
   * aborted, paused or resumed.
   *
   * @throws StoreException if the state can't be read, or is corrupt
   */
  Optional<RunningDeployment> running();

  /**
   * Returns the deployments of the past, the latest first.
   *
   * @throws StoreException if the state can't be read, or is corrupt
   */
  List<DeploymentRecord> history();
}
