package io.bluegreen.embedded;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** How far the body of one message was read, and where it ends by its {@link BodyFraming}. */
final class BodyProgress {
  private @Nullable BodyFraming framing;
  private ChunkedBody chunks = new ChunkedBody();
  private long left;

  /** Starts with the body that follows a head. */
  void start(BodyFraming next) {
    framing = next;
    left = next.length();
    chunks = new ChunkedBody();
  }

  /** Returns whether some of a body is still to come. */
  boolean isAwaited() {
    return framing != null;
  }

  boolean isTunnel() {
    return framing != null && framing.kind() == BodyFraming.Kind.TUNNEL;
  }

  /** Returns how many bytes pass unchanged before the next line of a chunked body, or its end. */
  long plainLeft() {
    if (framing == null) {
      return 0;
    }
    return switch (framing.kind()) {
      case LENGTH -> left;
      case CHUNKED -> chunks.left();
      case UNTIL_CLOSE, TUNNEL -> Long.MAX_VALUE;
    };
  }

  /** Notes that so many of the {@link #plainLeft} bytes have passed. */
  void passed(int bytes) {
    if (framing != null && framing.kind() == BodyFraming.Kind.LENGTH) {
      left -= bytes;
    } else if (framing != null && framing.kind() == BodyFraming.Kind.CHUNKED) {
      chunks.passed(bytes);
    }
  }

  /**
   * Takes one line of a chunked body, or as much of it as is there.
   *
   * @return what is to be passed on in its place
   * @throws IOException if it is malformed; then nobody can tell where the body ends
   */
  byte[] line(ByteBuffer from) throws IOException {
    return chunks.line(from);
  }

  /** Forgets a body that has ended; returns whether one just did. */
  boolean end() {
    if (framing == null) {
      return false;
    }
    boolean over =
        switch (framing.kind()) {
          case LENGTH -> left == 0;
          case CHUNKED -> chunks.isOver();
          case UNTIL_CLOSE, TUNNEL -> false;
        };
    if (over) {
      framing = null;
    }
    return over;
  }
}
