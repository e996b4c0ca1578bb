package io.bluegreen.haproxy;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The reason why HAProxy refused a command, from the replies that are documented or were seen on
 * 2.4 to 3.4. Kinds may be added in minor releases.
 */
public enum Refusal {
  /** The socket's level is too low; give it {@code level admin} (management guide, section 9.3). */
  PERMISSION_DENIED("Permission denied"),
  /** This version of HAProxy does not know the command. */
  UNKNOWN_COMMAND("Unknown command"),
  /** This version wants {@code experimental-mode on} for the command. */
  EXPERIMENTAL("This command is restricted to experimental mode only"),
  /** The line or its payload is larger than {@code tune.bufsize}. */
  TOO_LONG("The command is too big|The command \\(line\\) is too big"),
  /** There is no backend of that name. */
  NO_SUCH_BACKEND("No such backend\\.|Can't find backend\\."),
  /** There is no server of that name in the backend. */
  NO_SUCH_SERVER("No such server\\."),
  /** There is no proxy of that name. */
  NO_SUCH_PROXY("No such proxy\\."),
  /** The running configuration uses no map of that path. */
  UNKNOWN_MAP("Unknown map identifier\\."),
  /** The map has no such key. */
  ENTRY_NOT_FOUND("entry not found\\.|Key not found\\."),
  /** A map transaction was committed or cleared by somebody else since it was prepared. */
  VERSION_OUT_OF_RANGE("Version number out of range\\."),
  /** A map transaction was never prepared in this process. */
  VERSION_IN_FUTURE("Version number in the future"),
  /** The command lacks a map version. */
  MISSING_VERSION("Missing version number\\."),
  /** The backend's load balancing algorithm is static: it takes no weight but 0 % and 100 %. */
  STATIC_BALANCING("Backend is using a static LB algorithm"),
  /** The weight is no number, or is outside its range. */
  BAD_WEIGHT(
      "Absolute weight can only be between|Relative weight|Empty weight string|Require <weight>"),
  /** The state is not one of ready, drain and maint. */
  BAD_STATE("'set server <srv> state' expects"),
  /** A server was not named as backend/server. */
  BAD_SERVER_NAME("Require 'backend/server'\\."),
  /**
   * The backend was stopped. In a former worker all backends are, and none takes a command for a
   * server.
   */
  PROXY_DISABLED("Proxy is disabled\\."),
  /** The session has ended, or there never was one. */
  NO_SUCH_SESSION("No such session"),
  /** The master knows no worker with this pid. */
  NO_SUCH_WORKER("Can't find the target PID"),
  /** Something else; the exception's message has HAProxy's words. */
  OTHER("(?!)");

  private final Pattern beginning;

  Refusal(String beginning) {
    this.beginning = Pattern.compile(beginning);
  }

  /** Returns the refusal that a reply is, if it starts like a known one. */
  static Optional<Refusal> of(String reply) {
    for (Refusal refusal : values()) {
      if (refusal.beginning.matcher(reply).lookingAt()) {
        return Optional.of(refusal);
      }
    }
    return Optional.empty();
  }
}
