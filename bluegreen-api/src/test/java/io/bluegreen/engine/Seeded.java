package io.bluegreen.engine;

/** Lets tests of other packages repeat a run exactly: ids and tokens come from a seed. */
public final class Seeded {
  private Seeded() {}

  /** Makes the ids and tokens of this manager repeatable. */
  public static ManagerBuilder seed(ManagerBuilder builder, long seed) {
    return builder.seed(seed);
  }
}
