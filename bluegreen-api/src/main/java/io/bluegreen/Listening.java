package io.bluegreen;

import io.bluegreen.support.LiteralAddress;
import java.io.IOException;
import java.net.ConnectException;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.Objects;

/** Whether something accepts connections at an address, by one attempt to connect. */
public enum Listening {
  /** A connection was accepted: something runs there, whatever it answers. */
  YES,
  /** The connection was refused: nothing runs there. */
  NO,
  /** There was no answer, or none that tells. */
  UNKNOWN;

  /**
   * Connects over TCP to the one address that the host of an endpoint stands for, and closes at
   * once; sends nothing.
   *
   * @param endpoint with host and port
   * @param within how long it may take, once the host is resolved
   */
  public static Listening at(URI endpoint, Duration within) {
    Objects.requireNonNull(endpoint, "endpoint");
    Objects.requireNonNull(within, "within");
    int millis = (int) Math.max(1, Math.min(within.toMillis(), Integer.MAX_VALUE));
    try (Socket socket = new Socket()) {
      socket.connect(LiteralAddress.of(endpoint).at(endpoint.getPort()), millis);
      return YES;
    } catch (ConnectException e) {
      return NO; // The system's own limit, which throws this too, is longer than one of ours.
    } catch (IOException e) {
      return UNKNOWN;
    }
  }
}
