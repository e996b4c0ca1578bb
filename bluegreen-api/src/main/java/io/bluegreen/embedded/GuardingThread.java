package io.bluegreen.embedded;

import io.undertow.connector.ByteBufferPool;
import java.net.SocketAddress;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.xnio.ChannelListener;
import org.xnio.IoFuture;
import org.xnio.OptionMap;
import org.xnio.StreamConnection;
import org.xnio.XnioIoThread;
import org.xnio.channels.BoundChannel;

/**
 * Opens connections as an I/O thread does, and puts an {@link AnswerGuard} in front of each.
 * Undertow's client opens its connections by the thread that it is given; there is no other way to
 * get between it and the socket. This thread is never started.
 */
final class GuardingThread extends XnioIoThread {
  private final XnioIoThread real;
  private final ByteBufferPool pool;
  private final Consumer<String> log;
  private @Nullable AnswerGuard newest;

  GuardingThread(XnioIoThread real, ByteBufferPool pool, Consumer<String> log) {
    super(real.getWorker(), real.getNumber());
    this.real = real;
    this.pool = pool;
    this.log = log;
  }

  /** Returns the guard of the connection that was opened last. */
  AnswerGuard newest() {
    AnswerGuard guard = newest;
    if (guard == null) {
      throw new IllegalStateException("Undertow opened a connection without its I/O thread");
    }
    return guard;
  }

  @Override
  public IoFuture<StreamConnection> openStreamConnection(
      SocketAddress to, ChannelListener<? super StreamConnection> opened, OptionMap options) {
    return real.openStreamConnection(to, guarding(opened), options);
  }

  @Override
  public IoFuture<StreamConnection> openStreamConnection(
      SocketAddress to,
      ChannelListener<? super StreamConnection> opened,
      @Nullable ChannelListener<? super BoundChannel> bound,
      OptionMap options) {
    return real.openStreamConnection(to, guarding(opened), bound, options);
  }

  @Override
  public void execute(Runnable work) {
    real.execute(work);
  }

  @Override
  public Key executeAfter(Runnable work, long time, TimeUnit unit) {
    return real.executeAfter(work, time, unit);
  }

  @Override
  public Key executeAtInterval(Runnable work, long time, TimeUnit unit) {
    return real.executeAtInterval(work, time, unit);
  }

  /** Undertow hands the connection on within this call, so that the newest guard is its guard. */
  private ChannelListener<StreamConnection> guarding(
      ChannelListener<? super StreamConnection> opened) {
    return connection -> {
      AnswerGuard guard = new AnswerGuard(connection.getSourceChannel().getConduit(), pool, log);
      connection.getSourceChannel().setConduit(guard);
      newest = guard;
      opened.handleEvent(connection);
    };
  }
}
