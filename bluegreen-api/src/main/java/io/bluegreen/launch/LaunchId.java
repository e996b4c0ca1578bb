package io.bluegreen.launch;

import io.bluegreen.Color;
import io.bluegreen.Release;
import io.bluegreen.Slot;
import io.bluegreen.support.ArgumentChecks;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * The mark of one launch: variables in the environment of its processes, which their children
 * inherit, and by which they are told from all others. Immutable.
 */
record LaunchId(String group, String service, Color color, String token) {
  /** How the names of these variables start; nobody else may set a variable of such a name. */
  static final String PREFIX = "BLUEGREEN_";

  /** The variable that says which instance of the slot a process belongs to. */
  static final String INDEX = PREFIX + "INDEX";

  /** The token to ask with where no launch is on record. */
  static final String NO_TOKEN = "none";

  private static final String TOKEN = PREFIX + "TOKEN";
  private static final Pattern TOKENS = Pattern.compile("[a-z0-9]{1,64}");

  /** Validates. */
  LaunchId {
    ArgumentChecks.matching("token", TOKENS, "1 to 64 of a-z and 0-9", token);
  }

  /** Returns the mark of a launch. */
  static LaunchId of(Slot slot, String token) {
    return new LaunchId(slot.group(), slot.service().name(), slot.color(), token);
  }

  /** Returns the variables of every command that acts on the launch. */
  Map<String, String> variables() {
    return Map.of(
        TOKEN,
        token,
        PREFIX + "GROUP",
        group,
        PREFIX + "SERVICE",
        service,
        PREFIX + "COLOR",
        color.label());
  }

  /** Returns the variable of every program that starts this release. */
  static Map<String, String> release(Release release) {
    return Map.of(PREFIX + "VERSION", release.version());
  }

  /** Returns whether a process with this environment belongs to the launch. */
  boolean isIn(Map<String, String> environment) {
    return environment.entrySet().containsAll(variables().entrySet());
  }

  /** Returns whether a process with this environment belongs to another launch. */
  boolean isForeignTo(Map<String, String> environment) {
    return environment.containsKey(TOKEN) && !isIn(environment);
  }

  /** Returns whether a process with this environment was launched for another slot. */
  boolean isOfAnotherSlot(Map<String, String> environment) {
    return environment.containsKey(TOKEN)
        && !variables().entrySet().stream()
            .filter(variable -> !variable.getKey().equals(TOKEN))
            .allMatch(environment.entrySet()::contains);
  }

  /** Returns {@code service/colour}. */
  @Override
  public String toString() {
    return service + "/" + color;
  }
}
