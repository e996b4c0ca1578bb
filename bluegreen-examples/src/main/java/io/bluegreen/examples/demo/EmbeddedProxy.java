package io.bluegreen.examples.demo;

import io.bluegreen.Group;
import io.bluegreen.Router;
import io.bluegreen.embedded.EmbeddedRouter;
import java.nio.file.Path;

/**
 * The embedded router as the demo's proxy: it needs no program, and listens from the first
 * operation on.
 */
final class EmbeddedProxy implements DemoProxy {
  @Override
  public Router start(Group group, Path directory) {
    return EmbeddedRouter.create();
  }
}
