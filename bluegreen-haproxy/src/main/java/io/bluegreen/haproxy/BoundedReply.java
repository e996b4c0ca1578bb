package io.bluegreen.haproxy;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Collects a reply as it comes in, and holds no more of it in memory than its limit allows. */
final class BoundedReply {
  private final ReplyLimit bound;
  private final ByteArrayOutputStream kept = new ByteArrayOutputStream();
  private final ByteArrayOutputStream line = new ByteArrayOutputStream();
  private Optional<Refusal> firstLine = Optional.empty();
  private boolean begun;
  private long read;

  BoundedReply(ReplyLimit bound) {
    this.bound = bound;
  }

  /** Takes the next bytes, and returns whether the reply is still within its limit. */
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
    if (!begun) {
      begun = true;
      firstLine = Refusal.of(line.toString(StandardCharsets.UTF_8));
    }
    if (bound.whole() || bound.wanted().test(line.toString(StandardCharsets.UTF_8))) {
      kept.writeBytes(line.toByteArray());
    }
    line.reset();
  }

  /** Returns whether this is the whole reply of a master that knows no such worker. */
  boolean isOfNoWorker() {
    return firstLine.equals(Optional.of(Refusal.NO_SUCH_WORKER));
  }

  /** Returns the kept text; a last line without a line break is part of it. */
  String text() {
    kept.writeBytes(line.toByteArray());
    line.reset();
    return kept.toString(StandardCharsets.UTF_8);
  }
}
