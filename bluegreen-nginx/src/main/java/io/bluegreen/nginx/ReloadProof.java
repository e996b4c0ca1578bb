package io.bluegreen.nginx;

/**
 * How it is proven that a reload has taken effect. A first answer of the new generation is no
 * proof: every version of nginx lets former workers accept for about 100 ms beside the new ones.
 */
public enum ReloadProof {
  /**
   * {@link #PROCESSES} where nginx's processes can be seen, else {@link #SENTINELS}, which end in a
   * {@link #QUIET_WINDOW} where nginx does not keep them.
   */
  AUTOMATIC,
  /** Every former worker has ended or says in its title that it is shutting down. Linux. */
  PROCESSES,
  /**
   * As {@link #PROCESSES}, but the former workers are told to quit (signal QUIT, as nginx's manual
   * "Controlling nginx" says for single workers) as soon as the new ones serve, which saves most of
   * the 100 ms. Needs the right to signal them.
   */
  ASSISTED_QUIT,
  /**
   * A former worker that stops to accept closes an idle connection to it. Needs only the status
   * page. Where nginx closes one for another reason, a {@link #QUIET_WINDOW} decides.
   */
  SENTINELS,
  /** Only the new generation has answered for a while: the last resort. */
  QUIET_WINDOW
}
