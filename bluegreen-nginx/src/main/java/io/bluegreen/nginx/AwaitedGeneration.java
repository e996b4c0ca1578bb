package io.bluegreen.nginx;

import java.io.IOException;

/** Tells whether the generation that is waited for answers; each time by a new connection. */
@FunctionalInterface
interface AwaitedGeneration {
  boolean answers() throws IOException;
}
