package io.bluegreen.gate;

/**
 * Says when to look at data that grow, so that all looks of a deployment stay within a number: at
 * twice the requests of the look before, and in each hold at most half of the looks that are left,
 * so that there are some for the next. Not safe for threads.
 */
final class LookSchedule {
  private final int planned;
  private final long minimum;
  private int spent;
  private int allowed;
  private long due;

  LookSchedule(int planned, long minimum) {
    this.planned = planned;
    this.minimum = minimum;
  }

  /** A hold begins. */
  void begin() {
    allowed = (planned - spent + 1) / 2;
    again();
  }

  /** The data start again in the same hold. */
  void again() {
    due = minimum;
  }

  /** Returns whether so many requests, of each colour, are to be looked at. */
  boolean due(long requests) {
    return allowed > 0 && requests >= due;
  }

  void spend(long requests) {
    spent++;
    allowed--;
    due = 2 * requests;
  }

  /** Returns the plan for a person, such as {@code 3 of 20}. */
  @Override
  public String toString() {
    return spent + " of " + planned;
  }
}
