package io.bluegreen.embedded;

import io.bluegreen.TimeSource;
import io.undertow.server.ServerConnection;
import io.undertow.util.AttachmentKey;
import java.time.Duration;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.xnio.IoUtils;

/**
 * The connections to applications that are kept for one client's connection, at most one to each
 * instance. They are never used for another client, so that no answer can reach another user,
 * whatever an application does. A byte that comes while nothing was asked ends both connections.
 *
 * <p>All methods are called by the I/O thread of the client's connection.
 */
final class KeptConnections {
  /** Shorter than the keep-alive of common servers, the shortest of which is 5 s. */
  static final Duration LIMIT = Duration.ofSeconds(4);

  private static final AttachmentKey<KeptConnections> KEY =
      AttachmentKey.create(KeptConnections.class);

  private final ServerConnection client;
  private final TimeSource time;
  private final Map<Upstream, Idle> idle = new HashMap<>();
  private int exchanges;
  private boolean watched;
  private boolean doomed;

  private KeptConnections(ServerConnection client, TimeSource time) {
    this.client = client;
    this.time = time;
  }

  static KeptConnections of(ServerConnection client, TimeSource time) {
    KeptConnections kept = client.getAttachment(KEY);
    if (kept == null) {
      KeptConnections made = new KeptConnections(client, time);
      client.putAttachment(KEY, made);
      client.addCloseListener(closed -> made.closeAll());
      return made;
    }
    return kept;
  }

  /** Is called when an exchange of the client starts. */
  void begin() {
    exchanges++;
  }

  /**
   * Is called when an exchange of the client has ended.
   *
   * @return whether the client's connection has to end, too
   */
  boolean end() {
    exchanges--;
    return doomed;
  }

  /** Is called once with each connection that is opened for this client. */
  void opened(Upstream instance, AppConnection connection) {
    connection
        .connection()
        .addCloseListener(
            closed -> {
              Idle one = idle.get(instance);
              if (one != null && one.connection.equals(connection)) {
                idle.remove(instance);
                endWith(connection);
              }
            });
  }

  /** Takes the connection to an instance if it was idle for no longer than this; else null. */
  @Nullable AppConnection take(Upstream instance, Duration idleAtMost) {
    Idle kept = idle.get(instance);
    if (kept == null || age(kept).compareTo(idleAtMost) > 0) {
      return null;
    }
    idle.remove(instance);
    if (kept.connection.isFree()) {
      return kept.connection;
    }
    doomed |= kept.connection.guard().isInDoubt();
    kept.connection.close();
    return null;
  }

  /** Keeps a connection on which everything is over. */
  void keep(Upstream instance, AppConnection connection) {
    Idle former = idle.put(instance, new Idle(connection, time.elapsed()));
    if (former != null) {
      former.connection.close();
    }
    watch();
  }

  private void endWith(AppConnection connection) {
    doomed |= connection.guard().isInDoubt();
    if (doomed && exchanges == 0) {
      IoUtils.safeClose(client);
    }
  }

  private void watch() {
    if (!watched) {
      try {
        client.getIoThread().executeAfter(this::forget, LIMIT.toMillis(), TimeUnit.MILLISECONDS);
        watched = true;
      } catch (RejectedExecutionException e) {
        closeAll(); // the router is closing
      }
    }
  }

  private void forget() {
    watched = false;
    for (Iterator<Idle> all = idle.values().iterator(); all.hasNext(); ) {
      Idle one = all.next();
      if (!one.connection.connection().isOpen() || age(one).compareTo(LIMIT) >= 0) {
        all.remove();
        one.connection.close();
      }
    }
    if (!idle.isEmpty()) {
      watch();
    }
  }

  private void closeAll() {
    List<Idle> all = List.copyOf(idle.values());
    idle.clear(); // first, because each close calls back
    all.forEach(one -> one.connection.close());
  }

  private Duration age(Idle one) {
    return time.elapsed().minus(one.since);
  }

  private record Idle(AppConnection connection, Duration since) {}
}
