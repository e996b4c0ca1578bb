package io.bluegreen.embedded;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.undertow.connector.ByteBufferPool;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.function.Consumer;
import org.xnio.conduits.StreamSourceConduit;

/**
 * Reads what an application answers on one connection. Each request has one answer. Where anything
 * else comes, the connection is in doubt, and is never used again.
 */
final class AnswerGuard extends MessageGuard {
  /** How many informational answers may come before the answer. */
  static final int MOST_INFORMATIONAL = 16;

  private static final byte[] CONTINUE = "HTTP/1.1 100 Continue\r\n\r\n".getBytes(ISO_8859_1);
  private static final byte[] BAD_GATEWAY =
      "HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
          .getBytes(ISO_8859_1);

  private final Consumer<String> log;
  private RequestTraits asked = new RequestTraits(false, false, false);
  private boolean awaited;
  private boolean heard;
  private boolean waitedFor;
  private boolean last;
  private boolean inDoubt;
  private int informational;

  /**
   * @param log is told why an answer was not passed on
   */
  AnswerGuard(StreamSourceConduit socket, ByteBufferPool pool, Consumer<String> log) {
    super(socket, pool);
    this.log = log;
  }

  /** Is called before each request is sent. */
  void begin(RequestTraits next) {
    asked = next;
    awaited = true;
    heard = false;
    waitedFor = next.waits();
    informational = 0;
  }

  /** Told that the client does not wait for 100 any more. */
  void mayContinue() {
    waitedFor = false;
  }

  /** Returns whether anything came since the request was sent. */
  boolean hasHeard() {
    return heard;
  }

  boolean isInDoubt() {
    return inDoubt;
  }

  /**
   * Returns whether the answer has ended, nothing came behind it, and the application keeps the
   * connection. Reads from the socket, so that bytes are noticed which have come meanwhile.
   */
  boolean isOver() {
    inDoubt |= !awaited && hasMore();
    if (awaited || inDoubt || last) {
      return false;
    }
    try {
      int surplus = next.read(ByteBuffer.allocate(1));
      inDoubt |= surplus > 0;
      return surplus == 0;
    } catch (IOException e) {
      return false;
    }
  }

  @Override
  void judge(byte[] wholeHead) throws BadMessage {
    AnswerHead answer = AnswerHead.of(wholeHead, asked);
    if (!answer.isInformational()) {
      last = answer.last();
      pass(answer.bytes(), answer.framing());
      return;
    }
    informational++;
    if (informational > MOST_INFORMATIONAL) {
      throw new BadMessage(MessageHead.BAD_GATEWAY, "more than 16 informational answers");
    }
    if (answer.status() == 100 && waitedFor) {
      waitedFor = false;
      passAside(CONTINUE);
    }
  }

  @Override
  void refused(BadMessage reason) {
    log.accept(reason.reason());
    inDoubt = true;
    awaited = false;
    endWith(BAD_GATEWAY);
  }

  @Override
  void messageEnded() {
    awaited = false;
  }

  @Override
  boolean mayCome() {
    if (!awaited && hasMore()) {
      inDoubt = true;
    }
    return !inDoubt;
  }

  @Override
  void unreadable(IOException reason) throws IOException {
    inDoubt = true;
    throw reason;
  }

  @Override
  void came(int bytes) {
    heard |= bytes > 0;
  }

  @Override
  int tooLong() {
    return MessageHead.BAD_GATEWAY;
  }
}
