package io.bluegreen.testing.contract;

import java.net.URI;
import java.util.List;

/**
 * A front door that is open for the clauses of {@link PassingContract}: a proxy with the
 * configuration that the router gives it by default, with an application of the contract behind it.
 */
public interface FrontDoorUnderTest extends AutoCloseable {
  /** Returns where it listens: {@code http}, a literal address and a port. */
  URI address();

  /**
   * Lets some time pass, at a door that was asked to be {@linkplain Setup#impatient impatient}, for
   * a proxy with a time source that the test turns. It is called again and again until the proxy
   * has lost patience with a client. By default it does nothing: real time passes by itself.
   */
  default void passTime() {}

  /** Ends the proxy, and leaves nothing behind. */
  @Override
  void close();

  /**
   * How a front door is wanted.
   *
   * @param application the address of the colour that serves, of the one service; {@code http}
   * @param trustedProxies the networks from which the proxy believes what is said of the origin of
   *     a request, as its router is told them; none by default
   * @param impatient whether each limit of the proxy's that is meant for clients which say nothing
   *     is made as short as a second, by configuration, the proxy's own defaults included; what the
   *     router gives to silent answers and WebSockets is left as it is
   */
  record Setup(String application, List<String> trustedProxies, boolean impatient) {
    /** Copies the list. */
    public Setup {
      trustedProxies = List.copyOf(trustedProxies);
    }
  }
}
