package io.bluegreen.examples.demo;

import io.bluegreen.Group;
import io.bluegreen.Router;
import io.bluegreen.embedded.EmbeddedRouter;
import java.nio.file.Path;

/** No program: the router itself is the proxy, and listens from the first operation on. */
final class EmbeddedProxy implements DemoProxy {
  @Override
  public Router start(Group group, Path directory) {
    return EmbeddedRouter.create();
  }
}
