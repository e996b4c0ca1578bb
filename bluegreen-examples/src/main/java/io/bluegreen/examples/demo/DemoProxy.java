package io.bluegreen.examples.demo;

import io.bluegreen.Group;
import io.bluegreen.Router;
import java.io.IOException;
import java.nio.file.Path;

/** A proxy that the story can be told on: starts it, and hands out the router for it. */
interface DemoProxy extends AutoCloseable {
  /**
   * Starts the proxy, where that is a program of its own, listening at each service's front door.
   *
   * @param directory for everything that it writes; it is deleted after {@link #close}
   * @return a router that was not opened yet; whoever opens it closes it
   * @throws IOException if the proxy could not be started; then nothing of it is left running
   */
  Router start(Group group, Path directory) throws IOException, InterruptedException;

  /** Ends the program, if it was started. By default there is none. */
  @Override
  default void close() {}
}
