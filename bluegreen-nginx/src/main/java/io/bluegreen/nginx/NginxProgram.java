package io.bluegreen.nginx;

import io.bluegreen.support.Command;
import java.io.IOException;
import java.time.Duration;
import java.util.List;

/**
 * Runs a command that judges nginx's configuration, or that tells nginx to reload.
 *
 * @param argv the program and its arguments
 */
record NginxProgram(List<String> argv) {
  Command.Result run(Duration limit) throws IOException, InterruptedException {
    // A variable of this name makes nginx take sockets over that it was never given.
    return Command.of(argv).without("NGINX").run(limit);
  }

  /** Returns the command with its result, for a person. */
  String told(Command.Result result) {
    return "\"" + String.join(" ", argv) + "\": " + result;
  }
}
