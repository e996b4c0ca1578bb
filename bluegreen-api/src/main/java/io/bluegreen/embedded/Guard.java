package io.bluegreen.embedded;

import io.undertow.connector.ByteBufferPool;
import io.undertow.connector.PooledByteBuffer;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.xnio.channels.StreamSinkChannel;
import org.xnio.conduits.AbstractStreamSourceConduit;
import org.xnio.conduits.Conduits;
import org.xnio.conduits.StreamSourceConduit;

/**
 * Stands between a socket and Undertow and reads each message first: heads are judged and said
 * again, and a body ends where its framing says, so that Undertow never sees a byte that could be
 * read in two ways. All methods are called by one I/O thread.
 */
abstract class Guard extends AbstractStreamSourceConduit<StreamSourceConduit> {
  /** How much of what nobody reads any more is thrown away at once, in buffers. */
  private static final int MOST_DISCARDS = 16;

  private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

  private final ByteBufferPool pool;
  private final HeadReader head = new HeadReader();
  private ByteBuffer unread = NOTHING;
  private ByteBuffer ready = NOTHING;
  private @Nullable Framing body;
  private Chunks chunks = new Chunks();
  private long left;
  private boolean deaf;
  private boolean hushed;

  Guard(StreamSourceConduit socket, ByteBufferPool pool) {
    super(socket);
    this.pool = pool;
  }

  /** Told of a whole head; calls {@link #pass} or {@link #endWith}, or leaves it out. */
  abstract void judge(byte[] wholeHead) throws BadMessage;

  /** Told of a head that is not passed on, with its reason; calls {@link #endWith}. */
  abstract void refused(BadMessage reason);

  /** Told that a message has ended, all of which was read. */
  abstract void messageEnded();

  /** Told of bytes, or that there were none though Undertow would have taken some. */
  abstract void came(int bytes);

  /** Asked before anything is read: whether it may be a message, or part of one. */
  abstract boolean mayCome();

  /**
   * Told that nobody can tell where a body ends.
   *
   * @throws IOException if Undertow is to find it out by this
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
      next.wakeupReads(); // the socket would not tell of what was taken from it already
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
  final void pass(byte[] bytes, Framing framing) {
    ready = ByteBuffer.wrap(bytes);
    body = framing;
    left = framing.length();
    chunks = new Chunks();
    endIfOver();
  }

  /** Passes these bytes on, and nothing after them: what still comes is thrown away. */
  final void endWith(byte[] bytes) {
    ready = ByteBuffer.wrap(bytes);
    deaf = true;
  }

  /** Throws away whatever comes from now on, and hides for a while that nothing more will. */
  final void hush() {
    deaf = true;
    hushed = true;
  }

  final void endHush() {
    hushed = false;
  }

  /** Passes on what is a message of its own, without an end of the one that is awaited. */
  final void passAside(byte[] bytes) {
    ready = ByteBuffer.wrap(bytes);
  }

  final boolean isInHead() {
    return body == null && head.hasBegun();
  }

  final boolean isInBody() {
    return body != null && body.kind() != Framing.Kind.TUNNEL;
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
        boolean plain = plainLeft() > 0;
        int came = plain ? readInto(to) : fill();
        if (came >= 0) {
          came(came);
        }
        if (plain || came <= 0) {
          return came;
        }
        continue; // whether it may come is asked again, now that something has
      }
      int taken = take(to);
      if (taken > 0) {
        return taken;
      }
    }
  }

  /** Looks at what was read; returns how much of it was passed on as it is. */
  private int take(ByteBuffer to) throws IOException {
    if (body == null) {
      takeHead();
      return 0;
    }
    long plain = plainLeft();
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
      ready = ByteBuffer.wrap(chunks.line(unread));
      endIfOver();
    } catch (IOException e) {
      unreadable(e);
    }
  }

  /** Returns how many bytes are passed on as they are before something has to be looked at. */
  private long plainLeft() {
    if (body == null) {
      return 0;
    }
    return switch (body.kind()) {
      case LENGTH -> left;
      case CHUNKED -> chunks.left();
      case UNTIL_CLOSE, TUNNEL -> Long.MAX_VALUE;
    };
  }

  private void passed(int bytes) {
    if (body != null && body.kind() == Framing.Kind.LENGTH) {
      left -= bytes;
    } else if (body != null && body.kind() == Framing.Kind.CHUNKED) {
      chunks.passed(bytes);
    }
    endIfOver();
  }

  private void endIfOver() {
    if (body == null) {
      return;
    }
    boolean over =
        switch (body.kind()) {
          case LENGTH -> left == 0;
          case CHUNKED -> chunks.isOver();
          case UNTIL_CLOSE, TUNNEL -> false;
        };
    if (over) {
      body = null;
      messageEnded();
    }
  }

  private int readInto(ByteBuffer to) throws IOException {
    int limit = to.limit();
    to.limit((int) Math.min(limit, to.position() + plainLeft()));
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
