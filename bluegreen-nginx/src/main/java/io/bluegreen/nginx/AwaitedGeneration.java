package io.bluegreen.nginx;

import java.io.IOException;

/** Whether the generation that is waited for answers, by a connection of its own. */
@FunctionalInterface
interface AwaitedGeneration {
  boolean answers() throws IOException;
}
