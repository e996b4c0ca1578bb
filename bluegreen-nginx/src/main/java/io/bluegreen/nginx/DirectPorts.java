package io.bluegreen.nginx;

import io.bluegreen.Color;

/**
 * Loopback ports at which each colour of a service answers, whatever the split is.
 *
 * @param blue port
 * @param green port
 */
record DirectPorts(int blue, int green) {
  DirectPorts {
    SafeText.port("direct port of blue", blue);
    SafeText.port("direct port of green", green);
    if (blue == green) {
      throw new IllegalArgumentException("direct ports: blue and green both have " + blue);
    }
  }

  int of(Color color) {
    return color == Color.BLUE ? blue : green;
  }
}
