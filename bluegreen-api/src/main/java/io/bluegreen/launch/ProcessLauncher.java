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
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Runs every instance of a slot as a process of this machine. Linux only; needs setsid of
 * util-linux. Each method that configures returns a changed copy.
 *
 * <pre>{@code
 * ProcessLauncher.command("java", "-jar", "app-{version}.jar", "--server.port={port}")
 *     .directory(Path.of("/srv/shop"))
 *     .environment("SPRING_PROFILES_ACTIVE", "{color}")
 * }</pre>
 *
 * <p><b>Placeholders</b> in arguments and values of the environment: <code>{group}</code>, <code>
 * {service}</code>, <code>{color}</code>, <code>{index}</code> (of the instance, from 0), <code>
 * {host}</code> and <code>{port}</code> (as its endpoint has them, where it has one), <code>
 * {version}</code> , and every attribute of the release by its name. A brace itself is written
 * twice. There is no shell: no quoting, globbing or redirection. The program is an absolute path,
 * or a bare name that is looked up at each launch in the PATH of this JVM; a relative path is
 * refused.
 *
 * <p><b>A launched process lives on</b> when this JVM ends in whatever way, at Ctrl-C, and when the
 * terminal is closed: it has a session of its own, reads from /dev/null, and writes what it prints
 * to a file, one for each instance, in the {@linkplain #runDirectory run directory} ({@code
 * group/service.color.index.log}; the one of the launch before is kept as {@code .previous.log}; it
 * grows as long as the process prints). It stays in the control group of this JVM: where that is a
 * systemd unit, stopping the unit ends it (systemd.kill(5), KillMode), and {@link CommandLauncher}
 * with systemctl is the better choice. It has to stay in the foreground: one that forks and ends
 * its first process is taken for ended.
 *
 * <p><b>It is found again</b> by the variables BLUEGREEN_TOKEN, BLUEGREEN_GROUP, BLUEGREEN_SERVICE
 * and BLUEGREEN_COLOR, which it gets besides BLUEGREEN_INDEX and BLUEGREEN_VERSION. Its own
 * children inherit them, so that what a wrapper script starts belongs to the launch, too. The
 * environments of all processes of this user are read for it (proc(5), environ); that also finds
 * what a killed host had started and not yet written down.
 *
 * <p><b>A process that is on record</b> is known as surely by its pid, start time, boot id and pid
 * namespace, whatever became of its environment, user or group: nginx, gunicorn, Puma, PostgreSQL
 * and redis write over what proc(5) shows as environ, and {@code env -i} and sudo start a program
 * without it. As long as it runs, its descendants and the processes in its session belong to it.
 * What was launched in another PID namespace (pid_namespaces(7)), such as a container's, and is not
 * seen from this one is {@linkplain io.bluegreen.LaunchState.Kind#UNKNOWN unknown}, and is not
 * stopped; the message names the record to remove once it is known to have ended.
 *
 * <p><b>A signal goes only</b> to a process of this user whose environment has all of the above for
 * this launch, or that is on record by its number and its start, or that belongs to such a process
 * at that moment. Its start time is compared again in the call that signals. A record that was
 * edited to name another process is not believed, unless that process leads a session as launched
 * ones do, and has no mark of another launch. What remains is the moment between the JDK's
 * comparison and kill(2). What was {@linkplain #adoptingProcesses taken over} has rules of its own.
 *
 * <p>Safe for use by several threads; launches and stops of one slot are not to overlap, which the
 * manager's lease ensures.
 */
public final class ProcessLauncher implements Launcher {
  /**
   * The variables of this JVM that a process inherits unless {@link #inherit} names others: PATH,
   * HOME, USER, LOGNAME, LANG, LC_ALL, TZ, TMPDIR, JAVA_HOME.
   */
  public static final List<String> INHERITED =
      List.of("PATH", "HOME", "USER", "LOGNAME", "LANG", "LC_ALL", "TZ", "TMPDIR", "JAVA_HOME");

  /** How long what was started already may take to end by itself when a launch fails: 2 s. */
  public static final Duration GRACE_AFTER_FAILURE = Duration.ofSeconds(2);

  private final LaunchTemplate template;
  private final LaunchContext context;
  private final boolean ownTime;

  private ProcessLauncher(LaunchTemplate template, LaunchContext context, boolean ownTime) {
    this.template = template;
    this.context = context;
    this.ownTime = ownTime;
  }

  /**
   * Returns a launcher for a program.
   *
   * @param argv the program and its arguments, with placeholders
   * @throws IllegalArgumentException if it is empty, the program is a relative path, or a brace is
   *     neither doubled nor part of a placeholder
   * @throws LaunchException on an operating system other than Linux
   */
  public static ProcessLauncher command(String... argv) {
    ArgumentChecks.noNulls("argv", argv);
    return new ProcessLauncher(
        new LaunchTemplate(
            ArgvTemplate.of("command", List.of(argv)),
            null,
            ChildEnvironment.inheriting(INHERITED)),
        LaunchContext.ofThisMachine(),
        true);
  }

  /**
   * Returns this launcher with the working directory of what it starts; by default that of this
   * JVM. It has to exist when a launch starts.
   */
  public ProcessLauncher directory(Path workingDirectory) {
    Objects.requireNonNull(workingDirectory, "workingDirectory");
    return with(
        new LaunchTemplate(
            template.argv(), workingDirectory.toAbsolutePath(), template.environment()));
  }

  /**
   * Returns this launcher with one more variable in the environment of what it starts.
   *
   * @param valueTemplate may be empty, and may have placeholders
   * @throws IllegalArgumentException if the name is no name of a variable or starts with
   *     BLUEGREEN_, or the value is malformed
   */
  public ProcessLauncher environment(String name, String valueTemplate) {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(valueTemplate, "valueTemplate");
    return with(template.environment().with(name, valueTemplate));
  }

  /**
   * Returns this launcher with another list of variables that are handed on where this JVM has
   * them, in place of {@link #INHERITED}; none hands on nothing.
   *
   * @throws IllegalArgumentException if one is no name of a variable or starts with BLUEGREEN_
   */
  public ProcessLauncher inherit(String... names) {
    ArgumentChecks.noNulls("names", names);
    return with(template.environment().inherit(List.of(names)));
  }

  /**
   * Returns this launcher with the directory of its records and of what the processes print; by
   * default {@code bluegreen} in $XDG_STATE_HOME, or in ~/.local/state. It is made (mode 0700) when
   * a launch starts; it has to belong to this user, and nobody else may write it. Two groups of one
   * name need two of them.
   */
  public ProcessLauncher runDirectory(Path path) {
    Objects.requireNonNull(path, "path");
    return new ProcessLauncher(template, context.with(new RunDirectory(path)), ownTime);
  }

  /** Returns this launcher with another time to wait by; it is not closed by {@link #close}. */
  public ProcessLauncher time(TimeSource source) {
    Objects.requireNonNull(source, "source");
    return new ProcessLauncher(template, context.with(source), false);
  }

  /**
   * Returns this launcher with the permission to take over, where {@link io.bluegreen.Operation
   * Operation.adopt} asks for it, the processes that listen at the endpoints of a slot: a master
   * with its workers counts as one, and each instance needs its own. Each is then known by its pid,
   * start time, boot id and pid namespace; {@link #stop} ends it and its descendants, and nothing
   * else of the session that it was started in.
   *
   * <p>Never taken over are the first process, this JVM and its ancestors, a process of another
   * user or PID namespace, a port forwarder, processes that share a socket and have no common
   * parent among them, one that listens for the other colour, too, and whatever a supervisor would
   * start again: in the control group of a systemd service or a container, or below a program known
   * for it. Leave those to {@link CommandLauncher} with the supervisor's own commands.
   */
  public ProcessLauncher adoptingProcesses() {
    return new ProcessLauncher(template, context.thatAdopts(), ownTime);
  }

  /** Returns this launcher with another view of the machine, for tests. */
  ProcessLauncher table(ProcessTable other) {
    return new ProcessLauncher(template, context.with(other), ownTime);
  }

  /**
   * {@inheritDoc}
   *
   * <p>Looks for an unknown placeholder; a program, setsid, the working directory, the archive
   * behind {@code java -jar}, a {@code -javaagent} or the script of a shell, Python, Perl, Ruby,
   * PHP or Node.js that is not there; a run directory that can't be used; another launch of this
   * slot that still runs; and an address of this machine at which somebody else than the occupant
   * listens. An address is bound, for a moment and without listening, only where somebody listens
   * there already.
   */
  @Override
  public List<LaunchFinding> check(Slot slot, Release release, Optional<String> occupant) {
    Objects.requireNonNull(slot, "slot");
    Objects.requireNonNull(release, "release");
    Objects.requireNonNull(occupant, "occupant");
    List<LaunchFinding> findings = new ArrayList<>(template.check(slot, release, System.getenv()));
    findings.addAll(
        new LaunchCheck(context, slot, occupant.map(token -> LaunchId.of(slot, token))).findings());
    return List.copyOf(findings);
  }

  /**
   * {@inheritDoc}
   *
   * <p>Refuses an address of this machine that somebody else holds, and names the holder. If this
   * JVM is killed meanwhile, what was started is found by its token. An interruption ends it, and
   * keeps the flag.
   *
   * @throws LaunchException also if a placeholder is unknown, a program, the working directory or
   *     setsid is missing, the run directory can't be used, or processes of another launch of this
   *     slot still run
   */
  @Override
  public void launch(Slot slot, Release release, String token) {
    Objects.requireNonNull(slot, "slot");
    Objects.requireNonNull(release, "release");
    Objects.requireNonNull(token, "token");
    LaunchId id = LaunchId.of(slot, token);
    new ProcessLaunch(context, slot, id)
        .begin(template.fill(slot, release, id, System.getenv()), release.version());
  }

  /**
   * {@inheritDoc}
   *
   * <p>Every process of the launch gets SIGTERM, and after the grace SIGKILL. If this JVM is killed
   * or the thread interrupted meanwhile, nothing is lost: the next stop goes on.
   *
   * @param grace not negative; zero kills at once
   * @throws LaunchException also if the thread is interrupted, whose flag is kept, or if the launch
   *     record is damaged; the processes that have the token were ended all the same
   */
  @Override
  public void stop(Slot slot, String token, Duration grace) {
    Objects.requireNonNull(slot, "slot");
    Objects.requireNonNull(token, "token");
    ArgumentChecks.notNegative("grace", grace);
    new ProcessLaunch(context, slot, LaunchId.of(slot, token)).end(grace);
  }

  /**
   * {@inheritDoc}
   *
   * <p>UNKNOWN, with what is there, unless {@link #adoptingProcesses} allows it.
   */
  @Override
  public LaunchState adoptable(Slot slot) {
    Objects.requireNonNull(slot, "slot");
    return new Takeover(context, slot, LaunchId.of(slot, LaunchId.NO_TOKEN)).look();
  }

  /** {@inheritDoc} All that is done is to write down, as one act, which processes they are. */
  @Override
  public void adopt(Slot slot, Release release, String token) {
    Objects.requireNonNull(slot, "slot");
    Objects.requireNonNull(release, "release");
    Objects.requireNonNull(token, "token");
    new Takeover(context, slot, LaunchId.of(slot, token)).take(release.version());
  }

  /**
   * {@inheritDoc}
   *
   * <p>UNKNOWN where proc(5) or the launch record can't be read, the record names a process that
   * was not launched here, or a launch was interrupted in the middle. The exit code is known to the
   * JVM that launched only.
   */
  @Override
  public LaunchState state(Slot slot, String token) {
    Objects.requireNonNull(slot, "slot");
    Objects.requireNonNull(token, "token");
    return new LaunchInspection(context, slot, LaunchId.of(slot, token)).ask();
  }

  /** Ends what it waits with; launched processes live on. */
  @Override
  public void close() {
    if (ownTime) {
      context.time().close();
    }
  }

  /** Returns the program that it runs. */
  @Override
  public String toString() {
    return "process " + template.argv();
  }

  private ProcessLauncher with(ChildEnvironment environment) {
    return with(new LaunchTemplate(template.argv(), template.directory(), environment));
  }

  private ProcessLauncher with(LaunchTemplate other) {
    return new ProcessLauncher(other, context, ownTime);
  }
}
