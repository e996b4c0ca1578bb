package io.bluegreen.embedded;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.bluegreen.TimeSource;
import io.undertow.connector.ByteBufferPool;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.xnio.conduits.StreamSourceConduit;

/**
 * Reads what a client sends. Only the time in which the router waits for the client counts against
 * it: an application that takes its time over a body makes no client slow.
 */
final class RequestGuard extends MessageGuard {
  /** How long a client may take to send the head of a request. */
  static final Duration HEAD_LIMIT = Duration.ofSeconds(30);

  /** How long a client may be silent in the middle of a body. */
  static final Duration SILENCE_LIMIT = Duration.ofSeconds(30);

  /** How long the router waits for a client within one body, without what its bytes add. */
  static final Duration BODY_LIMIT = Duration.ofSeconds(60);

  /** So many bytes of a body add one second to the limit. */
  static final int BYTES_A_SECOND = 512;

  /** How often the guard looks whether a limit is over. */
  private static final Duration LOOK = Duration.ofSeconds(1);

  private static final int TIMEOUT = 408;

  /** What Undertow reads in place of a refused request, so that answers keep their order. */
  private static final byte[] STAND_IN =
      "GET / HTTP/1.1\r\nHost: refused\r\nConnection: close\r\n\r\n".getBytes(ISO_8859_1);

  private final TimeSource time;
  private final boolean trusted;
  private @Nullable Duration waitingSince;
  private Duration waited = Duration.ZERO;
  private long received;
  private boolean watched;
  private int refusal;
  private Consumer<IOException> broken = reason -> {};
  private @Nullable Runnable overdueContinue;

  /**
   * @param trusted whether the client is a proxy that is believed where a request came from
   */
  RequestGuard(StreamSourceConduit socket, ByteBufferPool pool, TimeSource time, boolean trusted) {
    super(socket, pool);
    this.time = time;
    this.trusted = trusted;
  }

  boolean isTrusted() {
    return trusted;
  }

  /** Returns the status to answer to the request that was read last; 0 if it was not refused. */
  int refusal() {
    return refusal;
  }

  /** Calls this from now on, in the I/O thread, when the body that is read will not come whole. */
  void onBroken(Consumer<IOException> told) {
    broken = told;
  }

  /**
   * Told that the client may wait for 100 before it sends its body: until {@link #mayContinue} its
   * silence is the application's.
   *
   * @param overdue is run, in the I/O thread, when that has lasted for as long as a client may be
   *     silent; it gives the 100 in place of the application
   */
  void waitsForContinue(Runnable overdue) {
    overdueContinue = overdue;
  }

  /** Told that the client is told to send its body now, for which it has all of its time. */
  void mayContinue() {
    overdueContinue = null;
    boolean silent = waitingSince != null;
    beginToWait();
    if (silent) {
      waitingSince = time.elapsed();
      watch();
    }
  }

  @Override
  void judge(byte[] wholeHead) throws BadMessage {
    RequestHead request = RequestHead.of(wholeHead, trusted);
    overdueContinue = null;
    beginToWait();
    pass(request.bytes(), request.framing());
  }

  @Override
  void refused(BadMessage reason) {
    refusal = reason.status();
    endWith(STAND_IN);
  }

  @Override
  void messageEnded() {
    beginToWait();
  }

  @Override
  int tooLong() {
    return MessageHead.TOO_LARGE;
  }

  @Override
  boolean mayCome() {
    return true;
  }

  @Override
  void unreadable(IOException reason) {
    hush();
    broken(reason);
  }

  @Override
  void came(int bytes) {
    Duration since = waitingSince;
    if (bytes > 0) {
      received += bytes;
      waited = since == null ? waited : waited.plus(time.elapsed().minus(since));
      waitingSince = null;
    } else if (since == null && (isInHead() || isInBody())) {
      waitingSince = time.elapsed();
      watch();
    }
  }

  /** Tells it later, because Undertow would end the connection at once if it heard it in a read. */
  private void broken(IOException reason) {
    try {
      getReadThread()
          .execute(
              () -> {
                endHush();
                broken.accept(reason);
              });
    } catch (RejectedExecutionException e) {
      waitingSince = null; // the router is closing
    }
  }

  private void beginToWait() {
    waitingSince = null;
    waited = Duration.ZERO;
    received = 0;
  }

  private void watch() {
    if (!watched) {
      try {
        getReadThread().executeAfter(this::look, LOOK.toMillis(), TimeUnit.MILLISECONDS);
        watched = true;
      } catch (RejectedExecutionException e) {
        watched = false; // the router is closing
      }
    }
  }

  private void look() {
    watched = false;
    Duration since = waitingSince;
    if (since == null || isReadShutdown()) {
      return;
    }
    Duration silent = time.elapsed().minus(since);
    Duration all = waited.plus(silent);
    boolean over =
        isInHead()
            ? all.compareTo(HEAD_LIMIT) > 0
            : silent.compareTo(SILENCE_LIMIT) > 0
                || all.compareTo(BODY_LIMIT.plusSeconds(received / BYTES_A_SECOND)) > 0;
    Runnable overdue = overdueContinue;
    if (!over) {
      watch();
    } else if (overdue != null && isInBody()) {
      overdue.run();
    } else if (isInHead()) {
      refused(new BadMessage(TIMEOUT, "a head that does not come"));
      wakeupReads();
    } else {
      unreadable(new TooSlow());
    }
  }

  /** Says that the body of a request does not come, or comes too slowly. */
  static final class TooSlow extends IOException {
    private static final long serialVersionUID = 1L;

    TooSlow() {
      super("the client does not send the body of its request");
    }
  }
}
