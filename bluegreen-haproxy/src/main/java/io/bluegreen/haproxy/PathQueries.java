package io.bluegreen.haproxy;

import java.util.List;

/** Asks a process by which paths it knows its own sockets and files. */
record PathQueries(CommandChannel line) {
  private static final String FILES = "HAPROXY_CFGFILES";

  /** Returns the sockets at which it takes commands. */
  CliSockets sockets() {
    return CliSockets.parse(line.lines("show cli sockets", ReplyLimit.WORDS));
  }

  /**
   * Returns the files of which its configuration was made (configuration manual, section 2.3), as
   * they were named at its start; foreign text.
   */
  List<String> configurations() {
    String command = "show env " + FILES;
    String reply = line.ask(command).strip();
    if (!reply.startsWith(FILES + "=")) {
      throw ReplyCheck.notUnderstood(command, reply, false);
    }
    return List.of(reply.substring(FILES.length() + 1).split(";", -1));
  }
}
