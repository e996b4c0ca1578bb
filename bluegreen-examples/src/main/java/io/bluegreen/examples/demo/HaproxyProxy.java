package io.bluegreen.examples.demo;

import io.bluegreen.Deadline;
import io.bluegreen.Group;
import io.bluegreen.Router;
import io.bluegreen.RouterGuarantee;
import io.bluegreen.RouterReport;
import io.bluegreen.TimeSource;
import io.bluegreen.haproxy.HaproxyRouter;
import io.bluegreen.haproxy.MasterApi;
import io.bluegreen.haproxy.RenderOptions;
import io.bluegreen.haproxy.RenderedHaproxy;
import io.bluegreen.haproxy.RuntimeApi;
import io.bluegreen.haproxy.RuntimeApiException;
import io.bluegreen.support.Text;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A HAProxy of our own with master and worker, by a configuration that is rendered for the group,
 * with all its files in one directory. It needs no rights that its starter does not have.
 */
public final class HaproxyProxy implements DemoProxy {
  private static final Duration LIMIT = Duration.ofSeconds(20);
  private static final Duration TICK = Duration.ofMillis(20);

  /** A connection that comes while a master starts is never answered: not waited for long. */
  private static final Duration PATIENCE = Duration.ofMillis(300);

  private final SwitchMode mode;
  private final RenderOptions options;
  private final TimeSource time;
  private Set<RouterGuarantee> lacks = Set.of();
  private @Nullable Process master;
  private boolean closed;

  /**
   * Starts nothing yet.
   *
   * @param mode {@link SwitchMode#MAP} or {@link SwitchMode#SERVER}
   */
  public HaproxyProxy(SwitchMode mode, RenderOptions options, TimeSource time) {
    this.mode = mode;
    this.options = options;
    this.time = time;
  }

  /**
   * {@inheritDoc}
   *
   * @throws IOException if there is no HAProxy, too; the message says how to get it
   */
  @Override
  public HaproxyRouter start(Group group, Path directory) throws IOException, InterruptedException {
    HaproxyRouter router = router(group, directory);
    try {
      RenderedHaproxy config = router.renderConfig(group, options);
      Files.writeString(configuration(directory), config.haproxyCfg());
      if (mode == SwitchMode.MAP) {
        Files.writeString(record(group, directory), config.map());
      }
      begin(directory);
      awaitServing(directory);
      lacks = lacks(group, directory);
      return router;
    } catch (IOException | InterruptedException | RuntimeException e) {
      router.close();
      close();
      throw e;
    }
  }

  /** Returns one more router, not opened, for what was started in this directory. */
  public HaproxyRouter router(Group group, Path directory) {
    Path record = record(group, directory);
    RuntimeApi admin = admin(directory);
    HaproxyRouter builder =
        mode == SwitchMode.MAP
            ? HaproxyRouter.map(record, admin)
            : HaproxyRouter.server(record, admin).configuration(configuration(directory));
    return builder.master(master(directory));
  }

  /** Returns a client of the worker that was started in this directory. */
  public static RuntimeApi admin(Path directory) {
    return RuntimeApi.unix(directory.resolve("admin.sock"));
  }

  /** Returns a client of the master that was started in this directory. */
  public static MasterApi master(Path directory) {
    return MasterApi.unix(directory.resolve("master.sock"));
  }

  /** Returns the file that the router replaces at each switch. */
  public Path record(Group group, Path directory) {
    return directory.resolve(group.name() + (mode == SwitchMode.MAP ? ".map" : ".state"));
  }

  @Override
  public Set<RouterGuarantee> lacks() {
    return lacks;
  }

  /** Ends HAProxy, its workers included, and waits for that. */
  @Override
  public synchronized void close() {
    closed = true;
    if (master != null) {
      List<ProcessHandle> workers = master.children().toList();
      master.destroy();
      if (!ended(master)) {
        master.destroyForcibly();
      }
      workers.forEach(ProcessHandle::destroyForcibly); // An orderly end has left none.
    }
  }

  private static Path configuration(Path directory) {
    return directory.resolve("haproxy.cfg");
  }

  private static Path output(Path directory) {
    return directory.resolve("output.txt");
  }

  /** In the foreground, so that it is our child and ends with us. */
  private synchronized void begin(Path directory) throws IOException {
    if (closed) {
      throw new IOException("interrupted");
    }
    try {
      master =
          new ProcessBuilder(
                  "haproxy",
                  "-W",
                  "-S",
                  directory.resolve("master.sock") + ",mode,600",
                  "-f",
                  configuration(directory).toString())
              .redirectErrorStream(true)
              .redirectOutput(output(directory).toFile())
              .start();
    } catch (IOException e) {
      throw new IOException(
          "haproxy can't be started; get it with the system's package manager (apt-get install"
              + " haproxy) so that it is on the PATH; ./demo --router haproxy does that by itself",
          e);
    }
  }

  private void awaitServing(Path directory) throws IOException, InterruptedException {
    Deadline end = time.deadline(LIMIT);
    while (!serves(directory)) {
      if (!running() || end.over()) {
        close();
        throw new IOException(
            "haproxy does not run: " + Text.clean(Files.readString(output(directory)), 500));
      }
      time.sleep(TICK);
    }
  }

  private synchronized boolean running() {
    return master != null && master.isAlive();
  }

  private static boolean serves(Path directory) {
    try {
      long worker = admin(directory).within(PATIENCE).info().pid();
      return master(directory).within(PATIENCE).workers().current().equals(List.of(worker));
    } catch (RuntimeApiException notYet) {
      return false;
    }
  }

  /** Asked of a router, which is opened for that only; opening changes nothing. */
  private Set<RouterGuarantee> lacks(Group group, Path directory) {
    try (HaproxyRouter router = router(group, directory)) {
      RouterReport report = router.open(new Router.Opening(group, Optional.empty(), 0));
      EnumSet<RouterGuarantee> lacks =
          EnumSet.of(
              RouterGuarantee.LOSSLESS, RouterGuarantee.NO_STALE, RouterGuarantee.RELOAD_SAFE);
      lacks.removeAll(report.guarantees());
      return Set.copyOf(lacks);
    }
  }

  private static boolean ended(Process process) {
    try {
      return process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
