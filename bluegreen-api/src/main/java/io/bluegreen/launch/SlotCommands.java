package io.bluegreen.launch;

import io.bluegreen.LaunchException;
import io.bluegreen.LaunchException.Effect;
import io.bluegreen.LaunchFinding;
import io.bluegreen.Release;
import io.bluegreen.Slot;
import io.bluegreen.support.Command;
import io.bluegreen.support.Programs;
import java.io.FileNotFoundException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The three commands of a launcher, with placeholders, and what they are for one slot. All commands
 * for a slot are made before the first is run, so that a refusal comes before any effect.
 * Immutable.
 */
record SlotCommands(
    ArgvTemplate start,
    ArgvTemplate stop,
    ArgvTemplate status,
    @Nullable Path directory,
    ChildEnvironment environment,
    CommandLimits limits) {
  private static final Set<String> OF_COLOR = Set.of("color", "port", "token");

  /** Validates. */
  SlotCommands {
    for (ArgvTemplate command : List.of(start, stop, status)) {
      if (Collections.disjoint(command.placeholders(), OF_COLOR)) {
        throw new IllegalArgumentException(
            "command "
                + command
                + ": has neither {color} nor {port} nor {token}, and could act on the wrong"
                + " colour");
      }
    }
    Set<String> later = new TreeSet<>(stop.placeholders());
    later.addAll(status.placeholders());
    later.addAll(environment.placeholders());
    later.removeAll(PlaceholderValues.OF_SLOT);
    if (!later.isEmpty()) {
      throw new IllegalArgumentException(
          "placeholders "
              + later
              + " can't be known when a slot is stopped or asked for its status; known are "
              + new TreeSet<>(PlaceholderValues.OF_SLOT));
    }
  }

  static SlotCommands of(List<String> start, List<String> stop, List<String> status) {
    return new SlotCommands(
        ArgvTemplate.of("start", start),
        ArgvTemplate.of("stop", stop),
        ArgvTemplate.of("status", status),
        null,
        ChildEnvironment.inheriting(CommandLauncher.INHERITED),
        new CommandLimits(
            CommandLauncher.START_LIMIT, CommandLauncher.STOP_LIMIT, CommandLauncher.STATUS_LIMIT));
  }

  SlotCommands directory(Path other) {
    return new SlotCommands(start, stop, status, other, environment, limits);
  }

  SlotCommands environment(ChildEnvironment other) {
    return new SlotCommands(start, stop, status, directory, other, limits);
  }

  SlotCommands limits(CommandLimits other) {
    return new SlotCommands(start, stop, status, directory, environment, other);
  }

  /** Returns whether each command says by its arguments which launch is meant. */
  boolean knowTokens() {
    return List.of(start, stop, status).stream()
        .allMatch(command -> command.placeholders().contains("token"));
  }

  /** Returns whether the stop command alone says which launch is meant. */
  boolean onlyStopKnowsTokens() {
    return stop.placeholders().contains("token") && !status.placeholders().contains("token");
  }

  /** Returns whether the answer of the status command is about one launch. */
  boolean statusKnowsTokens() {
    return status.placeholders().contains("token");
  }

  /** Returns whether the commands run once for each instance, in their order. */
  boolean runForEachInstance() {
    Set<String> names = new TreeSet<>(start.placeholders());
    names.addAll(stop.placeholders());
    names.addAll(status.placeholders());
    return !Collections.disjoint(names, PlaceholderValues.OF_INSTANCE);
  }

  /** Returns what is known to speak against a launch before any command is run. */
  List<LaunchFinding> check(Slot slot, Release release, LaunchId id) {
    if (directory != null && !Files.isDirectory(directory)) {
      return List.of(
          LaunchFinding.missing(slot + ": the working directory " + directory + " does not exist"));
    }
    Set<LaunchFinding> findings = new LinkedHashSet<>();
    for (ArgvTemplate argv : List.of(start, stop, status)) {
      try {
        for (PlaceholderValues values : values(slot, argv, id)) {
          List<String> texts = argv.texts(argv == start ? values.with(release) : values);
          environment.fill(Map.of(), values, Map.of());
          Programs.find(texts.get(0), System.getenv());
        }
      } catch (LaunchException e) {
        findings.add(LaunchFinding.invalid(String.valueOf(e.getMessage())));
      } catch (FileNotFoundException e) {
        findings.add(LaunchFinding.missing(slot + ": " + e.getMessage()));
      }
    }
    return List.copyOf(findings);
  }

  /** Returns the commands that start all of a slot. */
  List<Command> starts(Slot slot, Release release, LaunchId id) {
    Map<String, String> variables = new TreeMap<>(id.variables());
    variables.putAll(LaunchId.release(release));
    return values(slot, start, id).stream()
        .map(values -> command(start, values.with(release), variables))
        .toList();
  }

  /** Returns the commands that stop all of a slot. */
  List<Command> stops(Slot slot, LaunchId id) {
    return commands(slot, stop, id);
  }

  /** Returns the commands that tell whether a slot runs. */
  List<Command> statuses(Slot slot, LaunchId id) {
    return commands(slot, status, id);
  }

  private List<Command> commands(Slot slot, ArgvTemplate argv, LaunchId id) {
    return values(slot, argv, id).stream()
        .map(values -> command(argv, values, id.variables()))
        .toList();
  }

  /** Returns what the placeholders stand for in each run that a slot needs. */
  private List<PlaceholderValues> values(Slot slot, ArgvTemplate argv, LaunchId id) {
    List<PlaceholderValues> mine = each(slot, id);
    List<PlaceholderValues> theirs = each(slot.other(), id);
    Set<String> names = argv.placeholders();
    names.retainAll(PlaceholderValues.OF_SLOT);
    for (PlaceholderValues own : mine) {
      for (PlaceholderValues other : theirs) {
        if (!names.contains("token") && own.agree(other, names)) {
          throw new LaunchException(
              slot
                  + ": command "
                  + argv
                  + " would be the same for "
                  + slot.other()
                  + "; tell the colours apart with {color}. Nothing was done.",
              Effect.UNCHANGED);
        }
      }
    }
    return mine;
  }

  private List<PlaceholderValues> each(Slot slot, LaunchId id) {
    PlaceholderValues common = PlaceholderValues.of(slot).withToken(id.token());
    return runForEachInstance()
        ? slot.instances().stream().map(common::at).toList()
        : List.of(common);
  }

  private Command command(
      ArgvTemplate argv, PlaceholderValues values, Map<String, String> variables) {
    Map<String, String> host = System.getenv();
    Command command = Command.of(argv.fill(values, host));
    for (String name : host.keySet()) {
      command = command.without(name);
    }
    Map<String, String> child = environment.fill(host, values, variables);
    for (Map.Entry<String, String> variable : child.entrySet()) {
      command = command.environment(variable.getKey(), variable.getValue());
    }
    return directory == null ? command : command.directory(directory);
  }

  /** Returns the program that starts. */
  @Override
  public String toString() {
    return start.toString();
  }
}
