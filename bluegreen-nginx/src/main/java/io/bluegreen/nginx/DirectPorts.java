package io.bluegreen.nginx;

import io.bluegreen.Color;
import io.bluegreen.support.ArgumentChecks;

/**
 * Loopback ports at which each colour of a service answers, whatever the split is.
 *
 * @param blue port
 * @param green port
 */
record DirectPorts(int blue, int green) {
  DirectPorts {
    ArgumentChecks.between("direct port of blue", 1, 65_535, blue);
    ArgumentChecks.between("direct port of green", 1, 65_535, green);
    if (blue == green) {
      throw new IllegalArgumentException("direct ports: blue and green both have " + blue);
    }
  }

  int of(Color color) {
    return color == Color.BLUE ? blue : green;
  }
}
