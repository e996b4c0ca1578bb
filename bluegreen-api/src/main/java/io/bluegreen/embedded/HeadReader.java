package io.bluegreen.embedded;

import java.nio.ByteBuffer;
import java.util.Arrays;

/** Gathers the bytes of one head, up to {@link MessageHead#LONGEST}. */
final class HeadReader {
  private static final int USUAL = 512;

  /** A client may send an empty line before a request (RFC 9112 section 2.2). */
  private static final int MOST_BEFORE = 4;

  private byte[] bytes = new byte[USUAL];
  private int length;
  private int before;
  private boolean lineIsEmpty = true;

  /**
   * Takes bytes up to the end of the head, or all.
   *
   * @return whether the head has ended
   * @throws BadMessage if it is too long
   */
  boolean takeUpToEnd(ByteBuffer from, int tooLong) throws BadMessage {
    while (from.hasRemaining()) {
      byte b = from.get();
      if (length == 0 && (b == '\r' || b == '\n') && ++before <= MOST_BEFORE) {
        continue;
      }
      if (length == MessageHead.LONGEST) {
        throw new BadMessage(tooLong, "a head of more than " + MessageHead.LONGEST + " bytes");
      }
      if (length == bytes.length) {
        bytes = Arrays.copyOf(bytes, Math.min(2 * length, MessageHead.LONGEST));
      }
      bytes[length++] = b;
      if (b == '\n') {
        if (lineIsEmpty) {
          return true;
        }
        lineIsEmpty = true;
      } else if (b != '\r') {
        lineIsEmpty = false;
      }
    }
    return false;
  }

  boolean hasBegun() {
    return length > 0;
  }

  /** Returns the head, and is empty again. */
  byte[] take() {
    byte[] head = Arrays.copyOf(bytes, length);
    bytes = bytes.length > USUAL ? new byte[USUAL] : bytes;
    length = 0;
    before = 0;
    lineIsEmpty = true;
    return head;
  }
}
