package io.bluegreen.simulation;

/**
 * A fault that is to come.
 *
 * @param at the first call of the act, from 1, at which it may
 * @param detail which of several, such as which service is switched by hand
 */
record PlannedFault(Fault fault, int at, int detail) {
  @Override
  public String toString() {
    return fault + "@" + at + "/" + detail;
  }
}
