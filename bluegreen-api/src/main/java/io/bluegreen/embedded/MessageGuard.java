package io.bluegreen.embedded;

import io.undertow.connector.ByteBufferPool;
import io.undertow.connector.PooledByteBuffer;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.concurrent.TimeUnit;
import org.xnio.channels.StreamSinkChannel;
import org.xnio.conduits.AbstractStreamSourceConduit;
import org.xnio.conduits.Conduits;
import org.xnio.conduits.StreamSourceConduit;

/**
 * Stands between a socket and Undertow and reads each message first, so that Undertow never sees a
 * byte that could be read in two ways: a head is judged and written again, and a body ends where
 * its framing says. All methods are called by one I/O thread.
 */
abstract class MessageGuard extends AbstractStreamSourceConduit<StreamSourceConduit> {
  /** How many buffers of what nobody reads any more are thrown away at once. */
  private static final int MOST_DISCARDS = 16;

  private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

  private final ByteBufferPool pool;
  private final HeadReader head = new HeadReader();
  private ByteBuffer unread = NOTHING;
  private ByteBuffer ready = NOTHING;
  private final BodyProgress body = new BodyProgress();
  private boolean deaf;
  private boolean hushed;

  MessageGuard(StreamSourceConduit socket, ByteBufferPool pool) {
    super(socket);
    this.pool = pool;
  }

  /** Takes a whole head; calls {@link #pass} or {@link #endWith}, or leaves the head out. */
  abstract void judge(byte[] wholeHead) throws BadMessage;

  /** Takes the reason why a head is not passed on; calls {@link #endWith}. */
  abstract void refused(BadMessage reason);

  /** Is called when a message has ended, all of which was read. */
  abstract void messageEnded();

  /** Is called with how many bytes came; 0 if none did though Undertow would have taken some. */
  abstract void came(int bytes);

  /** Returns whether what comes next may be a message, or part of one; asked before each read. */
  abstract boolean mayCome();

  /**
   * Is called when nobody can tell where a body ends.
   *
   * @throws IOException if Undertow is to learn it by this exception
   */
  abstract void unreadable(IOException reason) throws IOException;

  /** Returns the status of a head that is too long. */
  abstract int tooLong();

  @Override
  public int read(ByteBuffer to) throws IOException {
    if (!to.hasRemaining()) {
      return 0;
    }
    int read = next(to);
    if (hasMore() && next.isReadResumed()) {
      next.wakeupReads(); // the socket would not tell of bytes that were taken from it already
    }
    return read;
  }

  @Override
  public long read(ByteBuffer[] to, int offset, int length) throws IOException {
    for (int i = offset; i < offset + length; i++) {
      if (to[i].hasRemaining()) {
        return read(to[i]);
      }
    }
    return 0;
  }

  @Override
  public long transferTo(long position, long count, FileChannel target) throws IOException {
    throw new IOException("nothing here writes to files");
  }

  @Override
  public long transferTo(long count, ByteBuffer through, StreamSinkChannel target)
      throws IOException {
    return Conduits.transfer(this, count, through, target);
  }

  @Override
  public void resumeReads() {
    if (hasMore()) {
      next.wakeupReads();
    } else {
      next.resumeReads();
    }
  }

  @Override
  public void awaitReadable() throws IOException {
    if (!hasMore()) {
      next.awaitReadable();
    }
  }

  @Override
  public void awaitReadable(long time, TimeUnit unit) throws IOException {
    if (!hasMore()) {
      next.awaitReadable(time, unit);
    }
  }

  /** Passes a head on, and then what its framing says. */
  final void pass(byte[] bytes, BodyFraming framing) {
    ready = ByteBuffer.wrap(bytes);
    body.start(framing);
    endIfOver();
  }

  /** Passes these bytes on, and nothing after them: what still comes is thrown away. */
  final void endWith(byte[] bytes) {
    ready = ByteBuffer.wrap(bytes);
    deaf = true;
  }

  /** Throws away whatever comes from now on; until {@link #endHush} Undertow sees no end of it. */
  final void hush() {
    deaf = true;
    hushed = true;
  }

  final void endHush() {
    hushed = false;
  }

  /** Passes on a whole small message; the one that is awaited is still to come. */
  final void passAside(byte[] bytes) {
    ready = ByteBuffer.wrap(bytes);
  }

  final boolean isInHead() {
    return !body.isAwaited() && head.hasBegun();
  }

  final boolean isInBody() {
    return body.isAwaited() && !body.isTunnel();
  }

  final boolean hasMore() {
    return ready.hasRemaining() || unread.hasRemaining();
  }

  private int next(ByteBuffer to) throws IOException {
    while (true) {
      if (ready.hasRemaining()) {
        return move(ready, to, Integer.MAX_VALUE);
      }
      if (deaf) {
        return discard();
      }
      if (!mayCome()) {
        return -1;
      }
      if (!unread.hasRemaining()) {
        boolean plain = body.plainLeft() > 0;
        int came = plain ? readInto(to) : fill();
        if (came >= 0) {
          came(came);
        }
        if (plain || came <= 0) {
          return came;
        }
        continue; // mayCome() is asked again, now that something has come
      }
      int taken = take(to);
      if (taken > 0) {
        return taken;
      }
    }
  }

  /** Looks at what was read; returns how many bytes of it were passed on unchanged. */
  private int take(ByteBuffer to) throws IOException {
    if (!body.isAwaited()) {
      takeHead();
      return 0;
    }
    long plain = body.plainLeft();
    if (plain > 0) {
      int moved = move(unread, to, plain);
      passed(moved);
      return moved;
    }
    takeLine();
    return 0;
  }

  private void takeHead() {
    try {
      if (head.takeUpToEnd(unread, tooLong())) {
        judge(head.take());
      }
    } catch (BadMessage e) {
      unread = NOTHING;
      refused(e);
    }
  }

  private void takeLine() throws IOException {
    try {
      ready = ByteBuffer.wrap(body.line(unread));
      endIfOver();
    } catch (IOException e) {
      unreadable(e);
    }
  }

  private void passed(int bytes) {
    body.passed(bytes);
    endIfOver();
  }

  private void endIfOver() {
    if (body.end()) {
      messageEnded();
    }
  }

  private int readInto(ByteBuffer to) throws IOException {
    int limit = to.limit();
    to.limit((int) Math.min(limit, to.position() + body.plainLeft()));
    try {
      int read = next.read(to);
      if (read > 0) {
        passed(read);
      }
      return read;
    } finally {
      to.limit(limit);
    }
  }

  private int fill() throws IOException {
    try (PooledByteBuffer pooled = pool.allocate()) {
      ByteBuffer buffer = pooled.getBuffer();
      int read = next.read(buffer);
      if (read > 0) {
        byte[] bytes = new byte[read];
        buffer.flip().get(bytes);
        unread = ByteBuffer.wrap(bytes);
      }
      return read;
    }
  }

  private int discard() throws IOException {
    unread = NOTHING;
    try (PooledByteBuffer pooled = pool.allocate()) {
      for (int i = 0; i < MOST_DISCARDS; i++) {
        int read = next.read(pooled.getBuffer().clear());
        if (read <= 0) {
          return hushed ? 0 : read;
        }
      }
    }
    next.wakeupReads();
    return 0;
  }

  private static int move(ByteBuffer from, ByteBuffer to, long most) {
    int bytes = (int) Math.min(most, Math.min(from.remaining(), to.remaining()));
    ByteBuffer part = from.slice().limit(bytes);
    to.put(part);
    from.position(from.position() + bytes);
    return bytes;
  }
}
