package io.bluegreen.examples.benchmark;

import io.bluegreen.Group;
import io.bluegreen.TimeSource;
import io.bluegreen.examples.demo.Cleanup;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** A way to switch a proxy, told by its {@code toString}. */
interface SwitchContender {
  /** Returns the services that are switched together; the users ask the first one. */
  default List<String> services() {
    return List.of("web");
  }

  /**
   * Starts a proxy of its own, and returns what switches it.
   *
   * @param directory for everything that the proxy writes
   * @param begun takes charge of the proxy
   */
  Switcher begin(Group group, Path directory, Cleanup begun, TimeSource time)
      throws IOException, InterruptedException;
}
