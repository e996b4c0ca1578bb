package io.bluegreen.haproxy;

import io.bluegreen.Color;
import io.bluegreen.support.AddressRange;
import io.bluegreen.support.ArgumentChecks;
import io.bluegreen.support.ForwardedHeaders;
import io.bluegreen.support.TrustedProxies;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Options of a rendered configuration, beyond its routes. For a HAProxy in a container their
 * addresses are those that it sees. Immutable; each method returns a changed copy.
 */
public final class RenderOptions {
  private static final Pattern TOKEN = Pattern.compile("[A-Za-z0-9_-]{1,64}");
  private static final String WORD = "1 to 64 of A-Z, a-z, 0-9, '_' and '-'";
  private static final Pattern PATH = Pattern.compile("/[A-Za-z0-9_./-]{0,255}");
  private static final Pattern ADDRESS =
      Pattern.compile("([0-9.]{7,15}|\\[[0-9A-Fa-f:]{2,39}]):\\d{1,5}");

  final int threads;
  final @Nullable String healthPath;
  final @Nullable String stickyCookie;
  final @Nullable Preview preview;
  final List<Direct> direct;
  final TrustedProxies trusted;

  record Preview(String header, List<String> trusted) {}

  record Direct(String service, Color color, String address) {}

  private RenderOptions(
      int threads,
      @Nullable String healthPath,
      @Nullable String stickyCookie,
      @Nullable Preview preview,
      List<Direct> direct,
      TrustedProxies trusted) {
    this.threads = threads;
    this.healthPath = healthPath;
    this.stickyCookie = stickyCookie;
    this.preview = preview;
    this.direct = List.copyOf(direct);
    this.trusted = trusted;
  }

  /**
   * Returns the defaults: two threads, a TCP health check, random cohorts, no preview, no direct
   * port.
   */
  public static RenderOptions defaults() {
    return new RenderOptions(2, null, null, null, List.of(), TrustedProxies.NONE);
  }

  /** Sets {@code nbthread}, 1 to 64. */
  public RenderOptions threads(int number) {
    ArgumentChecks.between("threads", 1, 64, number);
    return new RenderOptions(number, healthPath, stickyCookie, preview, direct, trusted);
  }

  /** Lets HAProxy check servers by a GET of this path instead of a mere connection. */
  public RenderOptions healthPath(String path) {
    Objects.requireNonNull(path, "path");
    ArgumentChecks.matching(
        "healthPath", PATH, "a path of at most 256 of A-Z, a-z, 0-9 and '_./-'", path);
    return new RenderOptions(threads, path, stickyCookie, preview, direct, trusted);
  }

  /**
   * Keeps each user with this cookie in one cohort of 100, by a hash of the value: a user who has
   * seen green goes on seeing it while its share rises. The requests of other users are sent by
   * chance, one by one.
   */
  public RenderOptions stickyCookie(String name) {
    Objects.requireNonNull(name, "name");
    ArgumentChecks.matching("stickyCookie", TOKEN, WORD, name);
    return new RenderOptions(threads, healthPath, name, preview, direct, trusted);
  }

  /**
   * Lets trusted clients choose a colour by a header with the value blue or green. The header is
   * taken out of every request. Such requests are not counted, and a drain does not wait for them,
   * because no split has sent them.
   *
   * @param header the name of the header
   * @param trusted literal addresses or networks, such as {@code 10.0.0.0/8}; at least one
   * @throws IllegalArgumentException if the name or an address is malformed, or there is no address
   */
  public RenderOptions preview(String header, String... trusted) {
    Objects.requireNonNull(header, "header");
    ArgumentChecks.noNulls("trusted", trusted);
    ArgumentChecks.matching("header", TOKEN, WORD, header);
    ArgumentChecks.notEmpty("trusted", List.of(trusted));
    for (String network : trusted) {
      AddressRange.parse("trusted", network);
    }
    return new RenderOptions(
        threads,
        healthPath,
        stickyCookie,
        new Preview(header, List.of(trusted)),
        direct,
        this.trusted);
  }

  /**
   * Names the proxies in front of HAProxy that are believed where a request came from, as {@link
   * ForwardedHeaders} says; by default nobody is.
   *
   * @param networks as {@link TrustedProxies#of} takes them
   */
  public RenderOptions trustedProxies(String... networks) {
    return new RenderOptions(
        threads, healthPath, stickyCookie, preview, direct, TrustedProxies.of(networks));
  }

  /**
   * Adds a port that always reaches one colour of one service, for smoke tests. Its requests are
   * not counted, like those of {@link #preview}.
   *
   * @param address a literal address with a port, such as {@code 127.0.0.1:5101}
   */
  public RenderOptions direct(String service, Color color, String address) {
    Objects.requireNonNull(service, "service");
    Objects.requireNonNull(color, "color");
    Objects.requireNonNull(address, "address");
    ArgumentChecks.matching(
        "address", ADDRESS, "a literal address and a port, such as 127.0.0.1:5101", address);
    List<Direct> more = new ArrayList<>(direct);
    more.add(new Direct(service, color, URI.create("tcp://" + address).getAuthority()));
    return new RenderOptions(threads, healthPath, stickyCookie, preview, more, trusted);
  }

  /** Returns whether a client can ask for a colour, whatever the split is. */
  boolean asksByName() {
    return preview != null || !direct.isEmpty();
  }

  Optional<Preview> preview() {
    return Optional.ofNullable(preview);
  }
}
