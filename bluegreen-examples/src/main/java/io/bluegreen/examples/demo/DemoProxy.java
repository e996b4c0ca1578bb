package io.bluegreen.examples.demo;

import io.bluegreen.Group;
import io.bluegreen.Router;
import io.bluegreen.RouterGuarantee;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Set;

/** A proxy that the story can be told on: starts it, and hands out the router for it. */
public interface DemoProxy extends AutoCloseable {
  /**
   * Starts the proxy, where that is a program of its own, listening at each service's front door.
   *
   * @param directory for everything that it writes; it is deleted after {@link #close}
   * @return a router that was not opened yet; the caller that opens it closes it
   * @throws IOException if the proxy could not be started; then nothing of it is left running
   */
  Router start(Group group, Path directory) throws IOException, InterruptedException;

  /**
   * Returns what the router can't promise with the proxy that was started, and has warned of: the
   * story accepts it by name. By default nothing.
   */
  default Set<RouterGuarantee> lacks() {
    return Set.of();
  }

  /** Ends the program, if it was started. By default there is none. */
  @Override
  default void close() {}
}
