package io.bluegreen.launch;

import io.bluegreen.Release;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;

/** A host in a JVM of its own: launches, says so, and waits to be ended. */
final class LaunchHost {
  private LaunchHost() {}

  /** Arguments: directory, token, script. */
  public static void main(String[] args) throws Exception {
    Workshop workshop = new Workshop(Path.of(args[0]));
    workshop.script(args[2]).launch(workshop.slot(0), Release.of("1"), args[1]);
    System.out.println("launched");
    new CountDownLatch(1).await();
  }
}
