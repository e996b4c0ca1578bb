package io.bluegreen;

/**
 * The lease on the group is no longer ours: another process may act on it now. Nothing more is
 * done, not even to go back; the next holder of the lease recovers what was left open.
 */
public class LeaseLostException extends StoreException {
  private static final long serialVersionUID = 1L;

  /** Creates one. */
  public LeaseLostException(String message) {
    super(message);
  }
}
