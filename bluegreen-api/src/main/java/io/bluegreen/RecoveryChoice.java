package io.bluegreen;

/** What a person decides where the router serves what nobody acknowledged. */
public enum RecoveryChoice {
  /** Take what the router serves as ours; nothing is moved. */
  ADOPT,
  /** Move the traffic back to what was last acknowledged, after the same proofs of health. */
  REPAIR
}
