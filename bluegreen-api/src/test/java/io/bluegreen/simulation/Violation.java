package io.bluegreen.simulation;

/**
 * An invariant of ARCHITECTURE.md that does not hold.
 *
 * @param invariant its number
 * @param check the check that saw it, in a few words that stay the same
 * @param detail what was seen
 */
record Violation(int invariant, String check, String detail) {
  @Override
  public String toString() {
    return "invariant " + invariant + " broken: " + check + ": " + detail;
  }
}
