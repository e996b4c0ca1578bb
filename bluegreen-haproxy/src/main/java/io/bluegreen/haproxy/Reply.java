package io.bluegreen.haproxy;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** A reply as it comes in, of which no more is held than its bound allows. */
final class Reply {
  private final Bound bound;
  private final ByteArrayOutputStream kept = new ByteArrayOutputStream();
  private final ByteArrayOutputStream line = new ByteArrayOutputStream();
  private long read;

  Reply(Bound bound) {
    this.bound = bound;
  }

  /** Takes what came in; returns whether it is still within the bound. */
  boolean take(byte[] bytes, int count) {
    read += count;
    if (read > bound.most()) {
      return false;
    }
    for (int i = 0; i < count; i++) {
      line.write(bytes[i]);
      if (bytes[i] == '\n') {
        endOfLine();
      }
    }
    return (long) kept.size() + line.size() <= bound.kept();
  }

  private void endOfLine() {
    if (bound.whole() || bound.wanted().test(line.toString(StandardCharsets.UTF_8))) {
      kept.writeBytes(line.toByteArray());
    }
    line.reset();
  }

  /** Returns what was kept; an end without a line break is part of it. */
  String text() {
    kept.writeBytes(line.toByteArray());
    line.reset();
    return kept.toString(StandardCharsets.UTF_8);
  }
}
