package io.bluegreen.health;

import io.bluegreen.Health;
import io.bluegreen.HealthCheck;
import io.bluegreen.Instance;
import io.bluegreen.support.LiteralAddress;
import io.bluegreen.support.Reopenable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.channels.AsynchronousChannelGroup;
import java.nio.channels.AsynchronousSocketChannel;
import java.nio.channels.CompletionHandler;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Opens a TCP connection to the endpoint and closes it again. UP says that something listens there,
 * no more: the kernel accepts connections for a process that hangs, too. The scheme of the endpoint
 * does not matter.
 *
 * <p>Cancelling a probe closes its socket at once. A probe costs one file descriptor while it
 * lasts; a host name is resolved on the calling thread. Safe for use by several threads. The first
 * probe starts one thread, {@link #close} ends it and what is in flight, and a later probe starts
 * it again.
 */
public final class TcpHealthCheck implements HealthCheck {
  private final Reopenable<AsynchronousChannelGroup> group =
      new Reopenable<>(TcpHealthCheck::open, TcpHealthCheck::end);

  private TcpHealthCheck() {}

  /** Returns a check for which an accepted connection is UP. */
  public static TcpHealthCheck connect() {
    return new TcpHealthCheck();
  }

  @Override
  public CompletableFuture<Health> probe(Instance instance) {
    Objects.requireNonNull(instance, "instance");
    Optional<URI> endpoint = instance.endpoint();
    if (endpoint.isEmpty()) {
      return CompletableFuture.completedFuture(Health.down(instance + " has no endpoint to ask"));
    }
    CompletableFuture<Health> health = new CompletableFuture<>();
    try {
      connect(endpoint.get(), health);
    } catch (IOException | RuntimeException e) {
      health.complete(Health.down("connect to " + endpoint.get() + ": " + Reason.of(e)));
    }
    return health;
  }

  @Override
  public void close() {
    group.close();
  }

  /** Returns {@code TCP connect}. */
  @Override
  public String toString() {
    return "TCP connect";
  }

  private void connect(URI endpoint, CompletableFuture<Health> health) throws IOException {
    if (endpoint.getHost() == null || endpoint.getPort() < 1) {
      health.complete(Health.down(endpoint + " has no host and port"));
      return;
    }
    LiteralAddress address = LiteralAddress.of(endpoint);
    AsynchronousSocketChannel channel = AsynchronousSocketChannel.open(group.get());
    CompletableFuture<?> unused = health.whenComplete((done, failure) -> close(channel));
    channel.connect(
        address.at(endpoint.getPort()),
        null,
        new CompletionHandler<@Nullable Void, @Nullable Void>() {
          @Override
          public void completed(@Nullable Void nothing, @Nullable Void attachment) {
            health.complete(Health.up("connected to " + endpoint));
          }

          @Override
          public void failed(Throwable failure, @Nullable Void attachment) {
            health.complete(
                Health.down("connect to " + endpoint + ": " + address.explain(Reason.of(failure))));
          }
        });
  }

  private static void close(AsynchronousSocketChannel channel) {
    try {
      channel.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static AsynchronousChannelGroup open() {
    try {
      return AsynchronousChannelGroup.withFixedThreadPool(
          1,
          work -> {
            Thread thread = new Thread(work, "bluegreen-tcp-check");
            thread.setDaemon(true);
            return thread;
          });
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void end(AsynchronousChannelGroup group) {
    try {
      group.shutdownNow();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
