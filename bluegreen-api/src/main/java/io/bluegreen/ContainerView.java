package io.bluegreen;

import io.bluegreen.support.ArgumentChecks;
import io.bluegreen.support.LiteralAddress;
import io.bluegreen.support.Names;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * What a proxy in a container calls what this program calls otherwise: the folders that both see,
 * and addresses. It is for any proxy of this machine in namespaces of its own, and is given to the
 * router, which then takes no process of that proxy for one that it sees. Immutable; each method
 * returns a changed copy.
 *
 * <pre>{@code
 * ContainerView.ofFolder(Path.of("/srv/shop/proxy"), Path.of("/bluegreen"))
 *     .address("http://127.0.0.1:8080", "http://0.0.0.0:80") // a published port
 * }</pre>
 *
 * <p>A folder has to be mounted as a folder: a file that is mounted by itself never changes in the
 * container when this program replaces it.
 */
public final class ContainerView {
  /** The deepest folder first. */
  private static final Comparator<Path> DEEPEST =
      Comparator.comparingInt(Path::getNameCount).reversed().thenComparing(Path::compareTo);

  private final Map<Path, Path> folders;
  private final Map<String, URI> addresses;
  private final boolean sameNetwork;

  private ContainerView(Map<Path, Path> folders, Map<String, URI> addresses, boolean sameNetwork) {
    this.folders = folders;
    this.addresses = addresses;
    this.sameNetwork = sameNetwork;
  }

  /**
   * Returns the view of a container that has mounted a folder.
   *
   * @param here its path as this program sees it
   * @param inside its path in the container
   * @throws IllegalArgumentException if a path is not absolute, or has a {@code ..}
   */
  public static ContainerView ofFolder(Path here, Path inside) {
    return new ContainerView(Map.of(), Map.of(), false).folder(here, inside);
  }

  /** Returns this view with one more folder; as {@link #ofFolder}. */
  public ContainerView folder(Path here, Path inside) {
    Path ours = absolute("here", here);
    Path theirs = absolute("inside", inside);
    Map<Path, Path> more = new TreeMap<>(DEEPEST);
    more.putAll(folders);
    more.put(ours, theirs);
    return new ContainerView(more, addresses, sameNetwork);
  }

  /**
   * Returns this view with an address that is another one in the container: of an instance, or of a
   * front door, whose port is published.
   *
   * @param here {@code scheme://host:port}, as the group names it
   * @param inside the same instance or door as the proxy reaches it, or listens at it: an IP
   *     address, because a name that only the container knows can't be resolved here
   * @throws IllegalArgumentException if one is malformed, {@code inside} is a name, or the schemes
   *     differ
   */
  public ContainerView address(String here, String inside) {
    Objects.requireNonNull(here, "here");
    Objects.requireNonNull(inside, "inside");
    URI ours = Names.endpoint("here", here);
    URI theirs = Names.endpoint("inside", inside);
    ArgumentChecks.require(
        "inside",
        ours.getScheme().equals(theirs.getScheme()),
        "the scheme " + ours.getScheme(),
        theirs);
    ArgumentChecks.require(
        "inside",
        theirs.getHost().matches("[0-9.]+|\\[.*]"),
        "an IP address (give the container a fixed one, by ipv4_address in compose)",
        theirs);
    Map<String, URI> more = new TreeMap<>(addresses);
    more.put(key(ours), theirs);
    return new ContainerView(folders, Map.copyOf(more), sameNetwork);
  }

  /**
   * Returns this view of a container with this machine's network ({@code network_mode: host}): each
   * address that is not named otherwise is the same in it, also a loopback one.
   */
  public ContainerView sameNetwork() {
    return new ContainerView(folders, addresses, true);
  }

  /**
   * Returns a path as the proxy sees it.
   *
   * @param here an absolute path in one of the folders
   * @throws IllegalArgumentException if it is in none; the message says what to mount
   */
  public Path inside(Path here) {
    Path path = absolute("here", here);
    return folders.entrySet().stream()
        .filter(folder -> path.startsWith(folder.getKey()))
        .findFirst()
        .map(folder -> folder.getValue().resolve(folder.getKey().relativize(path)).normalize())
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    path
                        + " is in none of the folders that the container shares ("
                        + folders.keySet()
                        + "); mount the folder "
                        + path.getParent()
                        + " (not the file alone), and name it with folder(...)"));
  }

  /**
   * Returns a group with the addresses that the proxy sees.
   *
   * @throws IllegalArgumentException if an address of a routed service is a loopback one, which in
   *     the container leads to the container itself; or if two addresses would become one
   */
  public Group inside(Group group) {
    Objects.requireNonNull(group, "group");
    return new Group(
        group.name(),
        group.services().stream()
            .map(service -> service.routed() ? service.at(this::inside) : service)
            .toList());
  }

  /**
   * Returns an address as the proxy sees it. A name is resolved here, on the calling thread.
   *
   * @param here {@code scheme://host:port}
   * @throws IllegalArgumentException if it is a loopback one that was not named, in a container
   *     with a network of its own
   */
  public URI inside(URI here) {
    Objects.requireNonNull(here, "here");
    URI named = addresses.get(key(here));
    if (named != null) {
      return named;
    }
    if (!sameNetwork && leadsToItself(here)) {
      throw new IllegalArgumentException(
          here
              + ": this loopback address is another one in the proxy's container; name what the"
              + " proxy calls it with ContainerView.address(...), or, where the container has this"
              + " machine's network, say so with sameNetwork()");
    }
    return here;
  }

  private static String key(URI address) {
    return address.getAuthority().toLowerCase(Locale.ROOT);
  }

  /** A name that can't be resolved is refused where it is rendered. */
  private static boolean leadsToItself(URI here) {
    try {
      InetAddress address = LiteralAddress.of(here).address();
      return address.isLoopbackAddress() || address.isAnyLocalAddress();
    } catch (IOException unknown) {
      return false;
    }
  }

  private static Path absolute(String argument, Path path) {
    Objects.requireNonNull(path, argument);
    ArgumentChecks.require(
        argument,
        path.isAbsolute() && path.equals(path.normalize()),
        "an absolute path without '..'",
        path);
    return path;
  }

  /** Returns the folders and addresses, for a person. */
  @Override
  public String toString() {
    return "folders " + folders + ", addresses " + addresses;
  }
}
