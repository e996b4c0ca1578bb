package io.bluegreen.nginx;

import java.util.Optional;

/**
 * Why nginx can't tell what is in flight.
 *
 * @param what is wrong
 * @param remedy what to do about it
 */
record FlightFault(String what, String remedy) {
  static Optional<FlightFault> of(String what, String remedy) {
    return Optional.of(new FlightFault(what, remedy));
  }
}
