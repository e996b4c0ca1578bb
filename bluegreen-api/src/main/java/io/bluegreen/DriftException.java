package io.bluegreen;

import java.util.List;

/**
 * What the router serves is not what was last acknowledged; nothing is done until that is settled.
 */
public class DriftException extends OperationRefusedException {
  private static final long serialVersionUID = 1L;

  private final transient List<Drift> drift;

  /** Creates one that names what differs. */
  public DriftException(String message, List<Drift> drift) {
    super(message);
    this.drift = List.copyOf(drift);
  }

  /** Returns what differs. */
  public List<Drift> drift() {
    return drift;
  }
}
