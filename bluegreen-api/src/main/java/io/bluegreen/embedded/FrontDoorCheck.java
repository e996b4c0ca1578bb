package io.bluegreen.embedded;

import io.bluegreen.Group;
import io.bluegreen.Service;
import io.bluegreen.support.LiteralAddress;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.util.List;

/** Looks whether somebody listens at the front doors of a group, and says so. */
final class FrontDoorCheck {
  private static final int LIMIT_MILLIS = 500;

  private FrontDoorCheck() {}

  /** Returns what was found, for a person. */
  static String at(Group group) {
    List<String> taken =
        group.routed().stream()
            .map(Service::frontDoor)
            .flatMap(java.util.Optional::stream)
            .filter(FrontDoorCheck::accepts)
            .map(URI::getAuthority)
            .toList();
    return taken.isEmpty()
        ? "nobody listens at its front doors"
        : "somebody listens at "
            + String.join(", ", taken)
            + ", perhaps another process that serves this group";
  }

  private static boolean accepts(URI door) {
    try (Socket socket = new Socket()) {
      socket.connect(LiteralAddress.of(door).at(door.getPort()), LIMIT_MILLIS);
      return true;
    } catch (IOException refused) {
      return false;
    }
  }
}
