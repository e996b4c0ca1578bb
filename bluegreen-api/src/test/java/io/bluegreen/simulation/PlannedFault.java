package io.bluegreen.simulation;

/**
 * A fault that will happen in one call of a manager.
 *
 * @param at the first seam call of the manager's call, from 1, at which it may happen
 * @param detail which of several, such as which service is switched by hand
 */
record PlannedFault(Fault fault, int at, int detail) {
  @Override
  public String toString() {
    return fault + "@" + at + "/" + detail;
  }
}
