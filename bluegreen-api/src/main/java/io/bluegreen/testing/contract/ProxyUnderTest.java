package io.bluegreen.testing.contract;

import io.bluegreen.Color;
import io.bluegreen.Group;
import io.bluegreen.Router;
import java.io.IOException;
import java.net.URI;

/**
 * A proxy that is started for one clause of {@link RouterContract}, with applications behind it
 * that run and answer in both colours. {@link Backends} are such applications.
 */
public interface ProxyUnderTest extends AutoCloseable {
  /** Returns the group that it routes: at least two routed services. */
  Group group();

  /**
   * Returns a router in front of this proxy, as another process would make it, not yet opened. The
   * contract opens and closes it. If the proxy {@linkplain #outlivesItsRouter() dies with its
   * router}, the contract has at most one open at a time.
   */
  Router router();

  /**
   * Returns whether the proxy goes on when its router is closed. Only a router that is itself the
   * proxy says false.
   */
  default boolean outlivesItsRouter() {
    return true;
  }

  /**
   * Returns one client of a service, which the proxy has not seen before and so knows no colour
   * for. By default it speaks HTTP/1.1 to the service's front door and expects an answer of the
   * status 200, with a Content-Length, whose body is {@code blue} or {@code green}.
   *
   * @param keepAlive whether it makes its requests on one connection, or each on one of its own
   */
  default Client client(String service, boolean keepAlive) {
    return new HttpClient(frontDoor(service), keepAlive);
  }

  /**
   * Sends a request, and returns when the application has it. The application answers only when the
   * request is let go. {@link Backends#hold} does that.
   *
   * @throws IOException if it could not be sent
   */
  Held hold(String service) throws IOException;

  /**
   * Moves all requests of a service to a colour, in the proxy that runs, as a person would with the
   * proxy's own means: past every router, and without a note of it anywhere else. Returns when the
   * proxy was told; the proxy may act a moment later. It is not called if the proxy {@linkplain
   * #outlivesItsRouter() dies with its router}. By default it fails, because without it a router
   * that only keeps a note could not be told from one that asks the proxy.
   *
   * @throws IOException if it could not be done
   */
  default void moveByHand(String service, Color to) throws IOException {
    throw new UnsupportedOperationException(
        "implement ProxyUnderTest.moveByHand: change the proxy itself, past every router");
  }

  /** Stops the proxy at once, so that nobody can ask it anything. */
  void goDown();

  /**
   * Stops the proxy at once, starts it again from its durable state, and returns when it answers
   * again. If the proxy dies with its router this does nothing: the contract closes the router and
   * opens another.
   */
  void restart();

  /** Ends the proxy and the applications, and leaves nothing behind. */
  @Override
  void close();

  private URI frontDoor(String service) {
    return group()
        .service(service)
        .frontDoor()
        .orElseThrow(
            () -> new IllegalStateException("service " + service + " needs a front door here"));
  }

  /** One client of one service, used by one thread. */
  interface Client extends AutoCloseable {
    /**
     * Makes one request, never a second time.
     *
     * @return the colour that answered
     * @throws IOException if it failed for any reason
     */
    Color request() throws IOException;

    @Override
    void close();
  }

  /** A request that is being answered. */
  @FunctionalInterface
  interface Held extends AutoCloseable {
    /** Lets the application answer, and returns when the answer is here. */
    @Override
    void close();
  }
}
