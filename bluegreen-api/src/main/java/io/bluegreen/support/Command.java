package io.bluegreen.support;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A program that is run to its end: an argument list, never a shell; no standard input; a deadline;
 * a bounded output. Immutable.
 */
public final class Command {
  /** How much of a program's output is kept, in bytes: its end. */
  public static final int OUTPUT_KEPT = 16 * 1024;

  private final List<String> argv;
  private final Map<String, String> environment;
  private final List<String> stripped;
  private final @Nullable Path directory;

  private Command(
      List<String> argv,
      Map<String, String> environment,
      List<String> stripped,
      @Nullable Path directory) {
    this.argv = argv;
    this.environment = environment;
    this.stripped = stripped;
    this.directory = directory;
  }

  /**
   * Returns a command that inherits this process's environment and directory.
   *
   * @param argv the program and its arguments, handed over as they are; a bare name is searched in
   *     the absolute directories of this process's PATH, never in the working directory
   * @throws IllegalArgumentException if it is empty, or an argument has a NUL character
   */
  public static Command of(List<String> argv) {
    ArgumentChecks.noNulls("argv", argv);
    if (argv.isEmpty() || argv.get(0).isBlank()) {
      throw new IllegalArgumentException("argv: expected a program, but was " + argv);
    }
    for (String argument : argv) {
      if (argument.indexOf('\0') >= 0) {
        throw new IllegalArgumentException("argv: an argument has a NUL character");
      }
    }
    return new Command(List.copyOf(argv), Map.of(), List.of(), null);
  }

  /** Returns this command with one more variable in its environment. */
  public Command environment(String name, String value) {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(value, "value");
    Map<String, String> more = new TreeMap<>(environment);
    more.put(name, value);
    return new Command(argv, Map.copyOf(more), stripped, directory);
  }

  /** Returns this command without a variable of this process's environment. */
  public Command without(String name) {
    Objects.requireNonNull(name, "name");
    List<String> more = new ArrayList<>(stripped);
    more.add(name);
    return new Command(argv, environment, List.copyOf(more), directory);
  }

  /** Returns this command with another working directory. */
  public Command directory(Path workingDirectory) {
    Objects.requireNonNull(workingDirectory, "workingDirectory");
    return new Command(argv, environment, stripped, workingDirectory);
  }

  /**
   * Runs it to its end, or to the deadline: then it and its descendants are killed.
   *
   * @return how it ended; running out of time is a value, too
   * @throws IOException if it could not be started; the message names the program
   * @throws InterruptedException if the thread is interrupted; the program is killed first
   */
  public Result run(Duration deadline) throws IOException, InterruptedException {
    Objects.requireNonNull(deadline, "deadline");
    List<String> found = new ArrayList<>(argv);
    if (!argv.get(0).contains("/")) {
      found.set(0, Programs.find(argv.get(0), System.getenv()).toString());
    }
    ProcessBuilder builder = new ProcessBuilder(found).redirectErrorStream(true);
    builder.redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()));
    stripped.forEach(builder.environment()::remove);
    builder.environment().putAll(environment);
    if (directory != null) {
      builder.directory(directory.toFile());
    }
    Process process = builder.start();
    OutputTail tail = new OutputTail(process.getInputStream());
    try {
      boolean ended = process.waitFor(deadline.toNanos(), TimeUnit.NANOSECONDS);
      if (!ended) {
        kill(process);
        process.waitFor();
      }
      // A grandchild may hold the pipe open for ever; nobody waits for what it may still write.
      tail.join(ended ? 1_000 : 100);
      return new Result(ended ? process.exitValue() : -1, tail.text(), !ended);
    } finally {
      kill(process);
    }
  }

  /** Returns the argument list for a person. */
  @Override
  public String toString() {
    return String.join(" ", argv);
  }

  private static void kill(Process process) {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
  }

  /**
   * How a program ended. Immutable.
   *
   * @param exit its exit code; -1 if it was killed at the deadline
   * @param output the end of what it wrote to standard output and error, without control characters
   * @param timedOut whether it was killed at the deadline
   */
  public record Result(int exit, String output, boolean timedOut) {
    /** Refuses null. */
    public Result {
      Objects.requireNonNull(output, "output");
    }

    /** Returns whether it ended by itself with exit code 0. That is no proof of anything else. */
    public boolean ok() {
      return !timedOut && exit == 0;
    }

    /** Returns the ending for a person. */
    @Override
    public String toString() {
      return (timedOut ? "killed at its deadline" : "exit code " + exit)
          + (output.isEmpty() ? "" : ": " + output);
    }
  }
}
