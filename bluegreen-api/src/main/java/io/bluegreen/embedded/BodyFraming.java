package io.bluegreen.embedded;

import java.util.Optional;
import java.util.regex.Pattern;

/** Where the body of a message ends (RFC 9112 section 6.3). */
record BodyFraming(Kind kind, long length) {
  enum Kind {
    LENGTH,
    CHUNKED,
    UNTIL_CLOSE,
    /** Everything from here on belongs to another protocol. */
    TUNNEL
  }

  static final BodyFraming EMPTY = new BodyFraming(Kind.LENGTH, 0);
  static final BodyFraming CHUNKED = new BodyFraming(Kind.CHUNKED, 0);
  static final BodyFraming UNTIL_CLOSE = new BodyFraming(Kind.UNTIL_CLOSE, 0);
  static final BodyFraming TUNNEL = new BodyFraming(Kind.TUNNEL, 0);

  private static final Pattern DIGITS = Pattern.compile("[0-9]{1,18}");

  /** Returns where the body ends by a head; nothing where the head does not say. */
  static Optional<BodyFraming> said(MessageHead head, boolean knowsChunks, int otherwise)
      throws BadMessage {
    Optional<String> length = head.one("Content-Length", otherwise);
    Optional<String> coding = head.one("Transfer-Encoding", otherwise);
    if (coding.isPresent()) {
      if (length.isPresent()) {
        throw new BadMessage(otherwise, "Content-Length together with Transfer-Encoding");
      }
      if (!knowsChunks || !coding.get().equalsIgnoreCase("chunked")) {
        throw new BadMessage(otherwise, "a Transfer-Encoding other than chunked");
      }
      return Optional.of(CHUNKED);
    }
    if (length.isPresent() && !DIGITS.matcher(length.get()).matches()) {
      throw new BadMessage(otherwise, "a Content-Length that is no length");
    }
    return length.map(digits -> new BodyFraming(Kind.LENGTH, Long.parseLong(digits)));
  }
}
