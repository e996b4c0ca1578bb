package io.bluegreen.examples.demo;

import io.bluegreen.TimeSource;
import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * Deploys a small application in versions, under load, and counts every request that failed or went
 * to the wrong colour. Leaves no process and no file, also when it is interrupted.
 */
@Command(
    name = "demo",
    sortOptions = false,
    description =
        "Deploys a small application in versions while 12 clients use it, and counts every request"
            + " that failed, or was answered by a colour that had been switched away from.",
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:nothing failed, nothing was stale, and every deployment ended as it should",
      "1:something else happened",
      "2:wrong arguments"
    })
public final class Demo implements Callable<Integer> {
  @Option(
      names = "--router",
      defaultValue = "embedded",
      paramLabel = "KIND",
      description =
          "What routes the requests: ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
  private RouterKind router = RouterKind.EMBEDDED;

  @Option(
      names = "--mode",
      paramLabel = "MODE",
      description =
          "How the proxy is made to switch: live (default) or reload for nginx, map (default) or"
              + " server for haproxy.")
  private @Nullable SwitchMode mode;

  @Option(
      names = "--json",
      description =
          "Print the findings as one JSON object on the last line of standard output; everything"
              + " else goes to standard error.")
  private boolean json;

  @SuppressWarnings("UnusedVariable") // picocli looks at it
  @Option(names = "--help", usageHelp = true, description = "Show this.")
  private boolean help;

  @Spec private @Nullable CommandSpec command;

  /** Set by the script, which can tell, whereas a JVM can't on every JDK. */
  private static final String TERMINAL = "bluegreen.demo.terminal";

  /** As shells count it; the JVM itself ends with the signal's own code. */
  private static final int INTERRUPTED = 130;

  /** Runs it. */
  public static void main(String[] args) {
    System.exit(
        new CommandLine(new Demo())
            .setExecutionExceptionHandler((e, line, parsed) -> complain(e))
            .execute(args));
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    PrintStream people = json ? System.err : System.out;
    try (TimeSource time = TimeSource.system()) {
      Optional<DemoFindings> findings = play(proxy(time), people, time);
      findings.map(FindingsTable::of).ifPresent(lines -> lines.forEach(people::println));
      if (json) {
        findings.map(DemoFindings::toJson).ifPresent(System.out::println);
      }
      return findings.map(found -> found.good() ? 0 : 1).orElse(INTERRUPTED);
    }
  }

  private DemoProxy proxy(TimeSource time) {
    try {
      return router.proxy(Optional.ofNullable(mode), time);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(
          Objects.requireNonNull(command).commandLine(), String.valueOf(e.getMessage()), e);
    }
  }

  private Optional<DemoFindings> play(DemoProxy proxy, PrintStream people, TimeSource time)
      throws IOException, InterruptedException {
    RequestJudge ledger = DemoRun.ledger(time);
    Supplier<String> status = status(ledger, time);
    try (Screen screen = new Screen(people, Boolean.getBoolean(TERMINAL), status, time)) {
      Cleanup cleanup = new Cleanup(e -> screen.say("while ending: " + e));
      Interruption interruption = new Interruption(screen, cleanup);
      DemoFindings findings =
          new DemoRun(router.toString(), proxy, screen, cleanup, ledger, time).play();
      return interruption.came() ? Optional.empty() : Optional.of(findings);
    }
  }

  private static Supplier<String> status(RequestJudge ledger, TimeSource time) {
    Duration begin = time.elapsed();
    return () -> {
      RequestJudge.Totals totals = ledger.totals();
      return String.format(
          Locale.ROOT,
          "%5.1f s  %,d requests, %d failed, %d stale",
          time.elapsed().minus(begin).toMillis() / 1000.0,
          totals.requests(),
          totals.failed(),
          totals.stale());
    };
  }

  private static int complain(Exception e) {
    System.err.println("demo: " + e);
    return 1;
  }
}
