package io.bluegreen.support;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Lets a bounded number of calls run at once; the others wait in the order in which they came. */
final class ConcurrencyLimit implements AutoCloseable {
  private final Queue<Runnable> waiting = new ArrayDeque<>();
  private int free;

  // A call that has waited is not started on the thread of the one that leaves: that thread does
  // the I/O of all calls, and starting one may resolve a name. There is no thread while nobody
  // waits.
  private final ThreadPoolExecutor usher =
      new ThreadPoolExecutor(
          1,
          1,
          1,
          TimeUnit.SECONDS,
          new LinkedBlockingQueue<>(),
          work -> {
            Thread thread = new Thread(work, "bluegreen-http-queue");
            thread.setDaemon(true);
            return thread;
          },
          new ThreadPoolExecutor.DiscardPolicy());

  ConcurrencyLimit(int most) {
    free = most;
    usher.allowCoreThreadTimeOut(true);
  }

  /** Starts a call on the calling thread if there is room, else later on another thread. */
  void enter(Runnable start) {
    synchronized (this) {
      if (free == 0) {
        waiting.add(start);
        return;
      }
      free--;
    }
    start.run();
  }

  /** To be called once for each that was started. */
  void leave() {
    Runnable next = next();
    if (next != null) {
      usher.execute(next);
    }
  }

  @Override
  public void close() {
    usher.shutdownNow();
  }

  private synchronized @Nullable Runnable next() {
    Runnable next = waiting.poll();
    if (next == null) {
      free++;
    }
    return next;
  }
}
