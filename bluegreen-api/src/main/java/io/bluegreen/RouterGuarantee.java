package io.bluegreen;

/**
 * What a router can promise with the proxy as it is configured. The manager asks for {@link
 * #LOSSLESS}, {@link #NO_STALE} and {@link #RELOAD_SAFE}, and for {@link #ATOMIC_GROUP} where a
 * group has several routed services; a host accepts a weaker router by naming the guarantee that it
 * can do without ({@link DeploymentPolicy#acceptWithout}).
 */
public enum RouterGuarantee {
  /** No request fails because of a switch, whatever kind of connection it came by. */
  LOSSLESS,
  /** No request that starts after {@link Router#apply} has returned reaches a slot with share 0. */
  NO_STALE,
  /** All services of a group move at one instant: no request sees a mixture. */
  ATOMIC_GROUP,
  /** A reload, a restart or a crash of the proxy never undoes a switch that was acknowledged. */
  RELOAD_SAFE,
  /**
   * {@link Router#inFlight} knows: it answers UNKNOWN only while the proxy can't be asked, or is
   * not as it was at {@link Router#open}.
   */
  DRAIN_KNOWN
}
