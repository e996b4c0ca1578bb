package io.bluegreen.examples.demo;

import io.bluegreen.Color;
import io.bluegreen.Deadline;
import io.bluegreen.Group;
import io.bluegreen.Router;
import io.bluegreen.RouterGuarantee;
import io.bluegreen.RouterReport;
import io.bluegreen.TimeSource;
import io.bluegreen.nginx.NginxRouter;
import io.bluegreen.nginx.RenderedNginx;
import io.bluegreen.support.Command;
import io.bluegreen.support.Text;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** An nginx of our own, with a configuration rendered for the group, in one directory. */
public final class NginxProxy implements DemoProxy {
  private static final Duration LIMIT = Duration.ofSeconds(20);
  private static final Duration TICK = Duration.ofMillis(20);
  private static final Pattern VERSION =
      Pattern.compile("nginx/([0-9]{1,4})\\.([0-9]{1,4})\\.([0-9]{1,4})");

  /** Has keepalive_min_timeout, by which a reload loses no request on a kept connection. */
  private static final List<Integer> KEEPS_IDLE_CONNECTIONS = List.of(1, 27, 4);

  private final SwitchMode mode;
  private final TimeSource time;
  private Set<RouterGuarantee> lacks = Set.of();
  private String status = "";
  private @Nullable RenderedNginx config;
  private @Nullable Process master;
  private boolean closed;

  /** Starts nothing yet. */
  public NginxProxy(SwitchMode mode, TimeSource time) {
    this.mode = mode;
    this.time = time;
  }

  /**
   * {@inheritDoc}
   *
   * @throws IOException if there is no nginx, too; the message says how to get it
   */
  @Override
  public NginxRouter start(Group group, Path directory) throws IOException, InterruptedException {
    status = "http://127.0.0.1:" + freePort(group);
    RenderedNginx rendered = described(directory, status).renderConfig(group);
    rendered.write();
    config = rendered;
    Path output = directory.resolve("output.txt");
    begin(rendered.startCommand(), output);
    awaitListening(group, output);
    NginxRouter router = router(group, directory, status);
    lacks = lacks(router, group);
    return router;
  }

  /**
   * Returns one more router, not opened, for what was started in this directory, perhaps by another
   * process.
   *
   * @param status what {@link #status} returned there
   */
  public NginxRouter router(Group group, Path directory, String status)
      throws IOException, InterruptedException {
    NginxRouter described = described(directory, status);
    return described.nginxCommand(described.renderConfig(group).startCommand());
  }

  /** Returns the address of the private door of what was started; empty before. */
  public String status() {
    return status;
  }

  @Override
  public Set<RouterGuarantee> lacks() {
    return lacks;
  }

  /** Returns the command that it was started with, to add a signal or a test to. */
  public List<String> command() {
    return rendered().startCommand();
  }

  /** Returns the file that a switch in reload mode replaces. */
  public Path generatedFile() {
    return rendered().generated().orElseThrow().file();
  }

  private RenderedNginx rendered() {
    if (config == null) {
      throw new IllegalStateException("start() comes before");
    }
    return config;
  }

  /** Ends nginx, its workers included, and waits for that. */
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

  private NginxRouter described(Path directory, String status)
      throws IOException, InterruptedException {
    if (mode == SwitchMode.LIVE) {
      return NginxRouter.live(directory.resolve("live")).status(status);
    }
    NginxRouter reload =
        NginxRouter.reload(directory.resolve("reload").resolve("bluegreen.conf")).status(status);
    return keepsIdleConnections() ? reload.keepaliveMinTimeout(Duration.ofSeconds(1)) : reload;
  }

  /** In the foreground, so that it is our child and ends with us. */
  private synchronized void begin(List<String> command, Path output) throws IOException {
    if (closed) {
      throw new IOException("interrupted");
    }
    List<String> argv = new ArrayList<>(command);
    argv.addAll(List.of("-g", "daemon off;"));
    ProcessBuilder builder =
        new ProcessBuilder(argv).redirectErrorStream(true).redirectOutput(output.toFile());
    builder.environment().remove("NGINX"); // It would try to inherit sockets.
    try {
      master = builder.start();
    } catch (IOException e) {
      throw missing(e);
    }
  }

  private void awaitListening(Group group, Path output) throws IOException, InterruptedException {
    URI door = group.routed().get(0).frontDoor().orElseThrow();
    Deadline end = time.deadline(LIMIT);
    while (!listens(door)) {
      if (!running() || end.over()) {
        close();
        throw new IOException("nginx does not run: " + Text.clean(Files.readString(output), 500));
      }
      time.sleep(TICK);
    }
  }

  private synchronized boolean running() {
    return master != null && master.isAlive();
  }

  private static boolean listens(URI door) {
    try (Socket socket = new Socket(door.getHost(), door.getPort())) {
      return socket.isConnected();
    } catch (IOException notYet) {
      return false;
    }
  }

  /** Asked of the router itself, which is opened for that only; opening changes nothing. */
  private static Set<RouterGuarantee> lacks(NginxRouter router, Group group) {
    try (router) {
      RouterReport report = router.open(new Router.Opening(group, Optional.empty(), 0));
      EnumSet<RouterGuarantee> lacks =
          EnumSet.of(RouterGuarantee.LOSSLESS, RouterGuarantee.NO_STALE);
      lacks.removeAll(report.guarantees());
      return Set.copyOf(lacks);
    }
  }

  private static boolean keepsIdleConnections() throws IOException, InterruptedException {
    String said;
    try {
      said = Command.of(List.of("nginx", "-v")).without("NGINX").run(LIMIT).output();
    } catch (IOException e) {
      throw missing(e);
    }
    Matcher version = VERSION.matcher(said);
    if (!version.find()) {
      throw new IOException("nginx -v tells no version: " + Text.clean(said, 80));
    }
    for (int i = 0; i < 3; i++) {
      int part = Integer.parseInt(version.group(i + 1));
      if (part != KEEPS_IDLE_CONNECTIONS.get(i)) {
        return part > KEEPS_IDLE_CONNECTIONS.get(i);
      }
    }
    return true;
  }

  /** Of as many ports as the group has and one more, one is not the group's. */
  private static int freePort(Group group) throws IOException {
    List<Integer> taken = new ArrayList<>();
    group
        .routed()
        .forEach(
            service -> {
              service.frontDoor().ifPresent(door -> taken.add(door.getPort()));
              for (Color color : Color.values()) {
                service.endpoints(color).forEach(endpoint -> taken.add(endpoint.getPort()));
              }
            });
    List<Integer> free = new ArrayList<>(DemoDirectory.freePorts(taken.size() + 1));
    free.removeAll(taken);
    return free.get(0);
  }

  private static boolean ended(Process process) {
    try {
      return process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private static IOException missing(IOException e) {
    return new IOException(
        "nginx can't be started; get it with the system's package manager (apt-get install nginx)"
            + " so that it is on the PATH; ./demo --router nginx does that by itself",
        e);
  }
}
