package io.bluegreen.examples.container;

import static org.awaitility.Awaitility.await;

import io.bluegreen.Color;
import io.bluegreen.ContainerView;
import io.bluegreen.Group;
import io.bluegreen.Service;
import io.bluegreen.support.Command;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A program in mount, PID and network namespaces of its own, as a container engine makes them:
 * files and folders of ours have other paths there, and ours lead to nothing; it has a loopback
 * device of its own, and one link to this machine. Needs root.
 */
public final class Container implements AutoCloseable {
  /** The path at which a folder of ours is mounted, if there is one only. */
  public static final Path INSIDE = Path.of("/mnt/bluegreen");

  private static final Duration LIMIT = Duration.ofSeconds(20);
  private static final int NETWORKS = 64 * 64;

  /** Mounts what it is told to, hides our paths, and becomes the program, with the id 1. */
  private static final String BEGIN =
      """
      set -e
      hidden=$1
      mount -t tmpfs tmpfs /mnt
      shift
      while [ "$1" != -- ]; do
        if [ -d "$1" ]; then
          mkdir -p "$2"
        else
          mkdir -p "${2%/*}"
          touch "$2"
        fi
        mount --bind "$1" "$2"
        shift 2
      done
      shift
      mount -t tmpfs tmpfs "$hidden"
      cd /
      exec "$@"
      """;

  private final String name;
  private final String network;
  private final List<Process> publishing = new ArrayList<>();
  private @Nullable Process process;

  /** Makes the network; nothing runs in it yet. */
  public Container() throws IOException, InterruptedException {
    int number = ThreadLocalRandom.current().nextInt(NETWORKS);
    while (Files.exists(Path.of("/run/netns/bluegreen" + number))) {
      number = ThreadLocalRandom.current().nextInt(NETWORKS);
    }
    name = "bluegreen" + number;
    network = "10.213." + number / 64 + "." + 4 * (number % 64) + "/30";
    try {
      run(List.of("ip", "netns", "add", name));
      run(List.of("ip", "link", "add", name, "type", "veth", "peer", "eth0", "netns", name));
      run(List.of("ip", "addr", "add", machine() + "/30", "dev", name));
      run(List.of("ip", "link", "set", name, "up"));
      run(List.of("ip", "-n", name, "addr", "add", address() + "/30", "dev", "eth0"));
      run(List.of("ip", "-n", name, "link", "set", "eth0", "up"));
      run(List.of("ip", "-n", name, "link", "set", "lo", "up"));
    } catch (IOException | InterruptedException | RuntimeException e) {
      close();
      throw e;
    }
  }

  /** Returns the address of this machine as the program sees it. */
  public String machine() {
    return host(1);
  }

  /** Returns the address of the container as this machine sees it. */
  public String address() {
    return host(2);
  }

  private String host(int offset) {
    int last = network.lastIndexOf('.') + 1;
    int first = Integer.parseInt(network.substring(last, network.indexOf('/')));
    return network.substring(0, last) + (first + offset);
  }

  /**
   * Starts a program; its output goes to a file of this folder.
   *
   * @param hidden a folder that leads to nothing in the container
   * @param mounts files and folders, with their paths in the container, below {@code /mnt}
   */
  public void start(Path hidden, Map<Path, Path> mounts, List<String> argv) throws IOException {
    List<String> all = new ArrayList<>(List.of("ip", "netns", "exec", name));
    all.addAll(List.of("unshare", "-m", "-p", "-f", "--kill-child", "--mount-proc"));
    all.addAll(List.of("sh", "-c", BEGIN, "sh", hidden.toString()));
    mounts.forEach((here, inside) -> all.addAll(List.of(here.toString(), inside.toString())));
    all.add("--");
    all.addAll(argv);
    process =
        new ProcessBuilder(all)
            .redirectErrorStream(true)
            .redirectOutput(hidden.resolve("output.txt").toFile())
            .start();
    await()
        .atMost(LIMIT)
        .until(() -> !process.isAlive() || process.children().findAny().isPresent());
  }

  /**
   * Returns what a proxy in it sees of a group whose applications listen at every address of this
   * machine, and whose front doors are at the container's address.
   */
  public ContainerView view(Group group, Path folder) {
    ContainerView view = ContainerView.ofFolder(folder, INSIDE);
    for (Service service : group.routed()) {
      for (Color color : Color.values()) {
        for (URI endpoint : service.endpoints(color)) {
          view =
              view.address(endpoint.toString(), "http://" + machine() + ":" + endpoint.getPort());
        }
      }
      URI door = service.frontDoor().orElseThrow();
      view = view.address(door.toString(), "http://0.0.0.0:" + door.getPort());
    }
    return view;
  }

  /** Lets a port of this machine lead to one of the container, as an engine publishes it. */
  public void publish(int here, int inside) throws IOException {
    publishing.add(
        new ProcessBuilder(
                "socat",
                "TCP-LISTEN:" + here + ",bind=127.0.0.1,reuseaddr,fork",
                "TCP:" + address() + ":" + inside)
            .start());
  }

  /**
   * Returns the beginning of a command that runs a program in the container, as docker exec does.
   */
  public List<String> exec(String... argv) {
    String first = String.valueOf(program().pid());
    List<String> all = new ArrayList<>(List.of("nsenter", "-t", first, "-m", "-p", "-n"));
    all.addAll(List.of(argv));
    return all;
  }

  /** Returns whether the program runs. */
  public boolean runs() {
    return process != null && process.isAlive() && process.children().findAny().isPresent();
  }

  /** Ends the program as a container engine does that stops a container, and waits for that. */
  public void stop() throws InterruptedException {
    if (process != null) {
      process.children().forEach(ProcessHandle::destroy);
      if (!process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor(); // Its child is killed with it.
      }
    }
  }

  /** Kills the program, as a crash does: it cleans nothing up. */
  public void kill() throws InterruptedException {
    if (process != null) {
      process.destroyForcibly().waitFor();
    }
  }

  private ProcessHandle program() {
    if (process == null) {
      throw new IllegalStateException("start() comes before");
    }
    return process.children().findAny().orElseThrow();
  }

  private static void run(List<String> argv) throws IOException, InterruptedException {
    Command.Result result = Command.of(argv).run(LIMIT);
    if (!result.ok()) {
      throw new IOException("a container needs root, and \"ip\": " + argv + ": " + result);
    }
  }

  /** Ends what runs, and the network. */
  @Override
  public void close() {
    try {
      publishing.forEach(Process::destroy);
      stop();
      Command.of(List.of("ip", "netns", "del", name)).run(LIMIT);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
