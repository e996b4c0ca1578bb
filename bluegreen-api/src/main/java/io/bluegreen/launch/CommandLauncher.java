package io.bluegreen.launch;

import io.bluegreen.LaunchException;
import io.bluegreen.LaunchFinding;
import io.bluegreen.LaunchState;
import io.bluegreen.Launcher;
import io.bluegreen.Release;
import io.bluegreen.Slot;
import io.bluegreen.TimeSource;
import io.bluegreen.support.ArgumentChecks;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/**
 * Leaves starting and stopping to other programs: systemctl, docker compose, ssh, a script. Works
 * on every operating system. Each method that configures returns a changed copy.
 *
 * <pre>{@code
 * CommandLauncher.of(
 *     List.of("systemctl", "start", "shop-{service}@{color}"),
 *     List.of("systemctl", "stop", "shop-{service}@{color}"),
 *     List.of("systemctl", "is-active", "--quiet", "shop-{service}@{color}"))
 * }</pre>
 *
 * <p><b>Placeholders</b> are those of {@link ProcessLauncher}, and <code>{token}</code>; <code>
 * {version}</code> and attributes of the release only in the start command, because a slot is
 * stopped without its release at hand. The commands also get BLUEGREEN_TOKEN, BLUEGREEN_GROUP,
 * BLUEGREEN_SERVICE and BLUEGREEN_COLOR, and the start command BLUEGREEN_VERSION, in their
 * environment. If any of the three has <code>{index}</code>, <code>{host}</code> or <code>{port}
 * </code>, all run once for each instance, else once for the slot. To never act on the wrong colour
 * each of the three has to have <code>{color}</code>, <code>{port}</code> or <code>{token}</code>,
 * and a command that would be the same for the other colour of the service is refused.
 *
 * <p><b>The status command decides</b>: exit code 0 says that it runs, 3 that it does not (as
 * systemctl's is-active and status do), anything else that it can't be told. The exit code of the
 * stop command alone is no proof. Without {token} in the commands they can't tell launches apart:
 * then stop acts on whatever runs in the slot, and launch refuses a slot in which something runs.
 *
 * <p>The start command has to return, and what it leaves running has to have its output elsewhere:
 * not in the pipe that this class reads. A command that overruns its limit is killed. An ssh client
 * joins its arguments to one line that a shell on the other side splits again; that is why versions
 * and attributes can only have characters that no shell takes for its own.
 *
 * <p>After a kill of this JVM at any moment a stop with the same token is all that is needed. Safe
 * for use by several threads; launches and stops of one slot are not to overlap, which the
 * manager's lease ensures.
 */
public final class CommandLauncher implements Launcher {
  /**
   * The variables of this JVM that a command inherits unless {@link #inherit} names others: {@link
   * ProcessLauncher#INHERITED}, and SSH_AUTH_SOCK, DOCKER_HOST, DOCKER_CONTEXT, DOCKER_CONFIG,
   * XDG_RUNTIME_DIR and DBUS_SESSION_BUS_ADDRESS.
   */
  public static final List<String> INHERITED =
      Stream.concat(
              ProcessLauncher.INHERITED.stream(),
              Stream.of(
                  "SSH_AUTH_SOCK",
                  "DOCKER_HOST",
                  "DOCKER_CONTEXT",
                  "DOCKER_CONFIG",
                  "XDG_RUNTIME_DIR",
                  "DBUS_SESSION_BUS_ADDRESS"))
          .toList();

  /** How long a start command may take unless told otherwise: 60 s. */
  public static final Duration START_LIMIT = Duration.ofSeconds(60);

  /** How long a stop command may take, besides the grace, unless told otherwise: 30 s. */
  public static final Duration STOP_LIMIT = Duration.ofSeconds(30);

  /** How long a status command may take unless told otherwise: 10 s. */
  public static final Duration STATUS_LIMIT = Duration.ofSeconds(10);

  private final SlotCommands commands;
  private final TimeSource time;
  private final boolean ownTime;
  private final Set<LaunchId> launched = ConcurrentHashMap.newKeySet();

  private CommandLauncher(SlotCommands commands, TimeSource time, boolean ownTime) {
    this.commands = commands;
    this.time = time;
    this.ownTime = ownTime;
  }

  /**
   * Returns a launcher.
   *
   * @param start the program that starts, and its arguments
   * @param stop the program that stops
   * @param status the program whose exit code says whether it runs: 0 yes, 3 no
   * @throws IllegalArgumentException if one is empty, its program is a relative path, a template is
   *     malformed, a placeholder of stop or status can't be known there, or one could not tell the
   *     colours apart
   */
  public static CommandLauncher of(List<String> start, List<String> stop, List<String> status) {
    ArgumentChecks.noNulls("start", start);
    ArgumentChecks.noNulls("stop", stop);
    ArgumentChecks.noNulls("status", status);
    return new CommandLauncher(SlotCommands.of(start, stop, status), TimeSource.system(), true);
  }

  /** Returns this launcher with the working directory of its commands; by default this JVM's. */
  public CommandLauncher directory(Path workingDirectory) {
    Objects.requireNonNull(workingDirectory, "workingDirectory");
    return with(commands.directory(workingDirectory.toAbsolutePath()));
  }

  /**
   * Returns this launcher with one more variable in the environment of all its commands.
   *
   * @param valueTemplate may be empty, and may have the placeholders that the stop command may have
   * @throws IllegalArgumentException if the name is no name of a variable or starts with
   *     BLUEGREEN_, the value is malformed, or a placeholder can't be known there
   */
  public CommandLauncher environment(String name, String valueTemplate) {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(valueTemplate, "valueTemplate");
    return with(commands.environment(commands.environment().with(name, valueTemplate)));
  }

  /**
   * Returns this launcher with another list of variables that are handed on where this JVM has
   * them, in place of {@link #INHERITED}; none hands on nothing.
   *
   * @throws IllegalArgumentException if one is no name of a variable or starts with BLUEGREEN_
   */
  public CommandLauncher inherit(String... names) {
    ArgumentChecks.noNulls("names", names);
    return with(commands.environment(commands.environment().inherit(List.of(names))));
  }

  /**
   * Returns this launcher with another limit for one run of the start command, in place of {@link
   * #START_LIMIT}.
   *
   * @throws IllegalArgumentException if it is not positive
   */
  public CommandLauncher startWithin(Duration longest) {
    Objects.requireNonNull(longest, "longest");
    return with(commands.limits(commands.limits().start(longest)));
  }

  /**
   * Returns this launcher with another limit for one run of the stop command, which is given the
   * grace besides, in place of {@link #STOP_LIMIT}.
   *
   * @throws IllegalArgumentException if it is not positive
   */
  public CommandLauncher stopWithin(Duration longest) {
    Objects.requireNonNull(longest, "longest");
    return with(commands.limits(commands.limits().stop(longest)));
  }

  /**
   * Returns this launcher with another limit for one run of the status command, in place of {@link
   * #STATUS_LIMIT}.
   *
   * @throws IllegalArgumentException if it is not positive
   */
  public CommandLauncher statusWithin(Duration longest) {
    Objects.requireNonNull(longest, "longest");
    return with(commands.limits(commands.limits().status(longest)));
  }

  /** Returns this launcher with another time to wait by; it is not closed by {@link #close}. */
  public CommandLauncher time(TimeSource source) {
    Objects.requireNonNull(source, "source");
    return new CommandLauncher(commands, source, false);
  }

  /**
   * {@inheritDoc}
   *
   * <p>Looks for an unknown placeholder, a program or the working directory that is not there, and
   * a command that would be the same for the other colour; and asks the status command: it must not
   * leave unknown what runs, and without {token} nothing may run where no launch is on record.
   */
  @Override
  public List<LaunchFinding> check(Slot slot, Release release, Optional<String> occupant) {
    Objects.requireNonNull(slot, "slot");
    Objects.requireNonNull(release, "release");
    Objects.requireNonNull(occupant, "occupant");
    return launch(slot, occupant.orElse(LaunchId.NO_TOKEN)).findings(release, occupant.isPresent());
  }

  /**
   * {@inheritDoc}
   *
   * <p>If a command fails, overruns its limit or is interrupted, the stop command runs for the
   * slot, and the message says where that failed, too.
   */
  @Override
  public void launch(Slot slot, Release release, String token) {
    Objects.requireNonNull(slot, "slot");
    Objects.requireNonNull(release, "release");
    Objects.requireNonNull(token, "token");
    LaunchId id = LaunchId.of(slot, token);
    if (!launched.contains(id) && launch(slot, token).begin(release)) {
      launched.add(id);
    }
  }

  /**
   * {@inheritDoc}
   *
   * <p>Runs the stop command, and then asks the status command until it says that it does not run,
   * at most for the grace, but once at least.
   *
   * @param grace not negative; the stop command itself may take it, too
   * @throws LaunchException also if the thread is interrupted, whose flag is kept
   */
  @Override
  public void stop(Slot slot, String token, Duration grace) {
    Objects.requireNonNull(slot, "slot");
    Objects.requireNonNull(token, "token");
    ArgumentChecks.notNegative("grace", grace);
    launch(slot, token).stop(grace);
    launched.remove(LaunchId.of(slot, token));
  }

  /**
   * {@inheritDoc}
   *
   * <p>What the status command says runs, of every instance, and the stop command can be run for:
   * its program is there, and it differs from that of the other colour. With {token} in the status
   * command that is asked, too, as what is taken over gets it; where it does not say that it runs,
   * the answer is UNKNOWN, since what runs may have been started without a token.
   */
  @Override
  public LaunchState adoptable(Slot slot) {
    Objects.requireNonNull(slot, "slot");
    return launch(slot, LaunchId.NO_TOKEN).adoptable();
  }

  /**
   * {@inheritDoc}
   *
   * <p>Asks the status command, with the token, and changes nothing: from now on the commands act
   * on it as on what the start command has started.
   */
  @Override
  public void adopt(Slot slot, Release release, String token) {
    Objects.requireNonNull(slot, "slot");
    Objects.requireNonNull(release, "release");
    Objects.requireNonNull(token, "token");
    LaunchId id = LaunchId.of(slot, token);
    if (!launched.contains(id)) {
      launch(slot, token).adopt();
      launched.add(id);
    }
  }

  /**
   * {@inheritDoc}
   *
   * <p>RUNNING if the status command says so for every instance. If it says no, EXITED where this
   * launcher started it or took it over with this token and has not stopped it since, else ABSENT.
   */
  @Override
  public LaunchState state(Slot slot, String token) {
    Objects.requireNonNull(slot, "slot");
    Objects.requireNonNull(token, "token");
    LaunchState state = launch(slot, token).state();
    boolean ended =
        state.kind() == LaunchState.Kind.ABSENT && launched.contains(LaunchId.of(slot, token));
    return ended ? LaunchState.exited(state.detail(), state.lastOutput()) : state;
  }

  /** Ends what it waits with; what was started lives on. */
  @Override
  public void close() {
    if (ownTime) {
      time.close();
    }
  }

  /** Returns the program that starts. */
  @Override
  public String toString() {
    return "command " + commands;
  }

  private CommandLaunch launch(Slot slot, String token) {
    return new CommandLaunch(commands, time, slot, LaunchId.of(slot, token));
  }

  private CommandLauncher with(SlotCommands other) {
    return new CommandLauncher(other, time, ownTime);
  }
}
