package io.bluegreen.nginx;

import io.bluegreen.RouterException;
import io.bluegreen.RouterException.Effect;

/** Says why nginx can't be switched as it is, and what to do about it; nothing was changed yet. */
final class NginxRefusal {
  private NginxRefusal() {}

  static RouterException of(String reason, String remedy) {
    return new RouterException(
        "nginx can't be switched: " + reason + "; nothing was changed; remedy: " + remedy,
        Effect.UNCHANGED);
  }
}
