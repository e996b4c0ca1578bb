package io.bluegreen.health;

import io.bluegreen.Health;
import io.bluegreen.HealthCheck;
import io.bluegreen.Instance;
import io.bluegreen.support.ArgumentChecks;
import io.bluegreen.support.Command;
import io.bluegreen.support.Reopenable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Runs a program, without a shell; exit code 0 is UP, anything else is DOWN with the end of what it
 * wrote. Cancelling a probe kills the program and its descendants.
 *
 * <pre>{@code
 * CommandHealthCheck.of(List.of("/usr/local/bin/probe", "--port", "{port}"))
 * }</pre>
 *
 * <p>At most {@value #AT_ONCE} programs run at once; further probes wait for their turn, and the
 * policy's limit runs meanwhile. The program inherits this process's environment. Immutable, and
 * safe for use by several threads; {@link #close} ends what is running, and a later probe opens it
 * again.
 */
public final class CommandHealthCheck implements HealthCheck {
  /** How many programs run at once. */
  public static final int AT_ONCE = 64;

  /** A program that runs for so long is killed even if nobody cancels the probe. */
  public static final Duration LONGEST = Duration.ofMinutes(10);

  private final List<InstanceTemplate> argv;
  private final Reopenable<ExecutorService> threads =
      new Reopenable<>(CommandHealthCheck::open, CommandHealthCheck::end);

  private CommandHealthCheck(List<InstanceTemplate> argv) {
    this.argv = argv;
  }

  /**
   * Returns a check that runs a program.
   *
   * @param argv the program and its arguments, handed over without a shell. In an argument {@code
   *     {service}}, {@code {color}}, {@code {index}}, {@code {version}}, {@code {host}} (as the
   *     endpoint has it), {@code {address}} (the literal one that the router serves; an IPv6 one in
   *     brackets) and {@code {port}} stand for those of the instance. An instance without endpoint
   *     is DOWN where one of the last three is used, and so is one whose {@code {host}} has several
   *     addresses, of which a program could ask another than is served. Where the version is not
   *     known and is used, the program is not run: a slot is DOWN, a front door is taken as it is,
   *     and the result has a warning. A brace itself is written twice: {@code {{"deep":true}}} for
   *     JSON
   * @throws IllegalArgumentException if it is empty, a placeholder is unknown, a brace stands
   *     alone, there is a NUL character, or a placeholder in the program's name
   */
  public static CommandHealthCheck of(List<String> argv) {
    ArgumentChecks.noNulls("argv", argv);
    Command.of(argv);
    List<InstanceTemplate> templates = new ArrayList<>();
    for (String argument : argv) {
      templates.add(InstanceTemplate.of("argv[" + templates.size() + "]", argument));
    }
    if (templates.get(0).hasPlaceholders()) {
      throw new IllegalArgumentException(
          "argv: expected the name of a program without placeholders, but was " + argv.get(0));
    }
    return new CommandHealthCheck(List.copyOf(templates));
  }

  @Override
  public CompletableFuture<Health> probe(Instance instance) {
    Objects.requireNonNull(instance, "instance");
    List<String> filled = new ArrayList<>();
    for (InstanceTemplate argument : argv) {
      Optional<Health> lacking =
          argument.lacking(instance).or(() -> argument.unclear(instance).map(Health::down));
      if (lacking.isPresent()) {
        return CompletableFuture.completedFuture(lacking.get());
      }
      filled.add(argument.fill(instance).orElseThrow());
    }
    CompletableFuture<Health> health = new CompletableFuture<>();
    BlockingProbe<Command.Result> asking =
        new BlockingProbe<>(
            () -> Command.of(filled).run(LONGEST),
            (result, failure) -> health.complete(judge(result, failure)));
    CompletableFuture<?> unused = health.whenComplete((done, failure) -> asking.cancel(true));
    try {
      threads.get().execute(asking);
    } catch (RejectedExecutionException e) {
      asking.cancel(false); // The check was closed just now.
    }
    return health;
  }

  @Override
  public void close() {
    threads.close();
  }

  /** Returns the argument list. */
  @Override
  public String toString() {
    return argv.toString();
  }

  private Health judge(Command.@Nullable Result result, @Nullable Throwable failure) {
    if (result != null && result.ok()) {
      return Health.up(result.toString());
    }
    return Health.down(
        argv.get(0) + ": " + (failure == null ? String.valueOf(result) : Reason.of(failure)));
  }

  private static ExecutorService open() {
    ThreadPoolExecutor threads =
        new ThreadPoolExecutor(
            AT_ONCE,
            AT_ONCE,
            10,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            work -> {
              Thread thread = new Thread(work, "bluegreen-command-check");
              thread.setDaemon(true);
              return thread;
            });
    threads.allowCoreThreadTimeOut(true);
    return threads;
  }

  private static void end(ExecutorService threads) {
    // Those that had not started yet are cancelled, too, so that nobody waits for them.
    threads.shutdownNow().forEach(asking -> ((Future<?>) asking).cancel(false));
  }
}
