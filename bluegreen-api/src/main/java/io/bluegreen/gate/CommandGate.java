package io.bluegreen.gate;

import io.bluegreen.Gate;
import io.bluegreen.Release;
import io.bluegreen.Slot;
import io.bluegreen.Verdict;
import io.bluegreen.support.ArgumentChecks;
import io.bluegreen.support.Command;
import io.bluegreen.support.Durations;
import io.bluegreen.support.Failures;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Runs a program, without a shell, once for each look. Exit code 0 is PASSED, 1 FAILED, 2
 * INCONCLUSIVE; any other code, a signal, a program that can't be started and one that was killed
 * at its limit are INCONCLUSIVE. The reason is the last line that it wrote, to standard output or
 * standard error.
 *
 * <pre>{@code
 * CommandGate.of(List.of("/usr/local/bin/orders-are-coming-in", "--at-least", "10"))
 * }</pre>
 *
 * <p>What is to be judged is told in the environment, never in an argument:
 *
 * <ul>
 *   <li>{@code BLUEGREEN_GROUP}, {@code BLUEGREEN_DEPLOYMENT}: the group, the id of the deployment
 *   <li>{@code BLUEGREEN_PHASE}: {@code SHIFT} or {@code BAKE}
 *   <li>{@code BLUEGREEN_VERSION}: of the candidate; not set where it is not known
 *   <li>{@code BLUEGREEN_CANDIDATES}, {@code BLUEGREEN_LIVE}: the slots, such as {@code web/green
 *       api/blue}
 *   <li>{@code BLUEGREEN_ENDPOINTS}: of the candidates' instances, with blanks between them
 *   <li>{@code BLUEGREEN_SPLIT}: percent to green by service, such as {@code web=25 api=75}
 *   <li>{@code BLUEGREEN_HELD}: whole seconds for which the split has been held
 * </ul>
 *
 * <p>The program inherits the rest of this process's environment and has no standard input. It and
 * its descendants are killed when the limit is over or the look is interrupted. Immutable, and safe
 * for use by several threads; each method returns a changed copy, and there is nothing to close.
 */
public final class CommandGate implements Gate {
  /** How long the program may take, unless {@link #within} says otherwise: 4 s. */
  public static final Duration DEFAULT_LIMIT = Duration.ofSeconds(4);

  private final List<String> argv;
  private final Duration limit;

  private CommandGate(List<String> argv, Duration limit) {
    this.argv = argv;
    this.limit = limit;
  }

  /**
   * Returns a gate that runs a program.
   *
   * @param argv the program and its arguments, handed over as they are
   * @throws IllegalArgumentException if it is empty or has a NUL character
   */
  public static CommandGate of(List<String> argv) {
    ArgumentChecks.noNulls("argv", argv);
    Command.of(argv);
    return new CommandGate(List.copyOf(argv), DEFAULT_LIMIT);
  }

  /**
   * Returns this gate with another limit for one run. Keep it below the policy's limit for one
   * look, which is {@code Probing.timeout}: where that one ends the run, its reason is not told.
   *
   * @throws IllegalArgumentException if it is not more than zero
   */
  public CommandGate within(Duration longest) {
    Objects.requireNonNull(longest, "longest");
    return new CommandGate(argv, ArgumentChecks.positive("longest", longest));
  }

  @Override
  public Verdict judge(Context context) throws InterruptedException {
    Objects.requireNonNull(context, "context");
    try {
      return verdict(command(context).run(limit));
    } catch (IOException e) {
      return Verdict.inconclusive(argv.get(0) + " could not be run: " + Failures.reason(e));
    }
  }

  /** Returns the argument list. */
  @Override
  public String toString() {
    return argv.toString();
  }

  private Command command(Context context) {
    Command command = Command.of(argv).without("BLUEGREEN_VERSION");
    for (Map.Entry<String, String> variable : variables(context).entrySet()) {
      command = command.environment(variable.getKey(), variable.getValue());
    }
    return command;
  }

  private static Map<String, String> variables(Context context) {
    Map<String, String> variables = new TreeMap<>();
    variables.put(
        "BLUEGREEN_GROUP", context.candidates().stream().map(Slot::group).findFirst().orElse(""));
    variables.put("BLUEGREEN_DEPLOYMENT", context.deploymentId());
    variables.put("BLUEGREEN_PHASE", context.phase().name());
    variables.put("BLUEGREEN_CANDIDATES", names(context.candidates()));
    variables.put("BLUEGREEN_LIVE", names(context.live()));
    variables.put("BLUEGREEN_ENDPOINTS", endpoints(context.candidates()));
    variables.put("BLUEGREEN_SPLIT", split(context));
    variables.put("BLUEGREEN_HELD", Long.toString(context.held().toSeconds()));
    Optional<String> version = context.release().map(Release::version);
    version.ifPresent(known -> variables.put("BLUEGREEN_VERSION", known));
    return variables;
  }

  private static String names(List<Slot> slots) {
    return slots.stream().map(Slot::toString).collect(Collectors.joining(" "));
  }

  private static String endpoints(List<Slot> slots) {
    return slots.stream()
        .flatMap(slot -> slot.instances().stream())
        .flatMap(instance -> instance.endpoint().stream())
        .map(Object::toString)
        .collect(Collectors.joining(" "));
  }

  private static String split(Context context) {
    return context.split().green().entrySet().stream()
        .map(share -> share.getKey() + "=" + share.getValue())
        .collect(Collectors.joining(" "));
  }

  private Verdict verdict(Command.Result result) {
    if (result.timedOut()) {
      return Verdict.inconclusive(
          argv.get(0) + " was killed after " + Durations.describe(limit) + said(result));
    }
    return switch (result.exit()) {
      case 0 -> Verdict.passed(reason(result));
      case 1 -> Verdict.failed(reason(result));
      case 2 -> Verdict.inconclusive(reason(result));
      default ->
          Verdict.inconclusive(
              argv.get(0)
                  + " ended with code "
                  + result.exit()
                  + ", which is neither 0 (it may go on), 1 (it may not) nor 2 (no verdict)"
                  + said(result));
    };
  }

  private String reason(Command.Result result) {
    String last = lastLine(result);
    return last.isEmpty() ? argv.get(0) + " ended with code " + result.exit() : last;
  }

  private static String said(Command.Result result) {
    String last = lastLine(result);
    return last.isEmpty() ? "" : ": " + last;
  }

  private static String lastLine(Command.Result result) {
    return result
        .output()
        .lines()
        .filter(line -> !line.isBlank())
        .reduce("", (former, line) -> line.strip());
  }
}
