package io.bluegreen.haproxy;

import io.bluegreen.Color;
import io.bluegreen.support.AddressRange;
import io.bluegreen.support.ArgumentChecks;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What a rendered configuration has beyond the routes. Immutable; each method returns a copy. */
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

  record Preview(String header, List<String> trusted) {}

  record Direct(String service, Color color, String address) {}

  private RenderOptions(
      int threads,
      @Nullable String healthPath,
      @Nullable String stickyCookie,
      @Nullable Preview preview,
      List<Direct> direct) {
    this.threads = threads;
    this.healthPath = healthPath;
    this.stickyCookie = stickyCookie;
    this.preview = preview;
    this.direct = List.copyOf(direct);
  }

  /** Returns two threads, a TCP health check, random cohorts, no preview, no direct port. */
  public static RenderOptions defaults() {
    return new RenderOptions(2, null, null, null, List.of());
  }

  /** Sets {@code nbthread}, 1 to 64. */
  public RenderOptions threads(int number) {
    ArgumentChecks.between("threads", 1, 64, number);
    return new RenderOptions(number, healthPath, stickyCookie, preview, direct);
  }

  /** Lets HAProxy check servers by a GET of this path instead of a mere connection. */
  public RenderOptions healthPath(String path) {
    Objects.requireNonNull(path, "path");
    ArgumentChecks.matching(
        "healthPath", PATH, "a path of at most 256 of A-Z, a-z, 0-9 and '_./-'", path);
    return new RenderOptions(threads, path, stickyCookie, preview, direct);
  }

  /**
   * Keeps users who send this cookie in one cohort of 100 by a hash of its value: who has seen the
   * green one goes on seeing it while its share rises. Others are sent by chance, request by
   * request.
   */
  public RenderOptions stickyCookie(String name) {
    Objects.requireNonNull(name, "name");
    ArgumentChecks.matching("stickyCookie", TOKEN, WORD, name);
    return new RenderOptions(threads, healthPath, name, preview, direct);
  }

  /**
   * Lets trusted clients choose a colour by a header with the value blue or green. The header is
   * taken out of every request. What they ask for is not counted, and not waited for: no split sent
   * it.
   *
   * @param header its name
   * @param trusted literal addresses or networks, such as {@code 10.0.0.0/8}; at least one
   * @throws IllegalArgumentException if the name or one of them is malformed, or there is none
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
        threads, healthPath, stickyCookie, new Preview(header, List.of(trusted)), direct);
  }

  /**
   * Adds a port that always reaches one colour of one service, for smoke tests; as {@link
   * #preview}, it is not counted.
   *
   * @param address a literal one with a port, such as {@code 127.0.0.1:5101}
   */
  public RenderOptions direct(String service, Color color, String address) {
    Objects.requireNonNull(service, "service");
    Objects.requireNonNull(color, "color");
    Objects.requireNonNull(address, "address");
    ArgumentChecks.matching(
        "address", ADDRESS, "a literal address and a port, such as 127.0.0.1:5101", address);
    List<Direct> more = new ArrayList<>(direct);
    more.add(new Direct(service, color, URI.create("tcp://" + address).getAuthority()));
    return new RenderOptions(threads, healthPath, stickyCookie, preview, more);
  }

  /** Returns whether anybody can ask for a colour, whatever the split is. */
  boolean asksByName() {
    return preview != null || !direct.isEmpty();
  }

  Optional<Preview> preview() {
    return Optional.ofNullable(preview);
  }
}
