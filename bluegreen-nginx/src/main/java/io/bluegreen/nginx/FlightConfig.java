package io.bluegreen.nginx;

import io.bluegreen.Group;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The part of nginx's configuration that lets nginx tell what is in flight. {@code limit_conn} of
 * ngx_http_limit_conn_module counts the requests that are being processed, by a key, in memory that
 * all workers and all generations share. The key has the slot and the worker: a worker that is
 * killed never gives its counts back, so that only those of living workers are asked for. A private
 * page answers whether a key has reached a limit, because it may name the key itself.
 *
 * <p>Nobody is ever refused because of it: where the memory is full, or a worker answers more than
 * {@link #MOST} requests of a slot, the requests go on uncounted ({@code limit_conn_dry_run}).
 *
 * @param names of the group in nginx
 * @param counting whether it is rendered at all: an nginx that does not know it would refuse it
 */
record FlightConfig(NginxNames names, boolean counting) {
  /** The private pages: this one names the worker and the zone, those below it tell the counts. */
  static final String PAGE = "/bluegreen/flight/";

  /** The argument that names the key. */
  static final String KEY = "key";

  /** What a service's own server is asked for to prove that it counts; never answered. */
  static final String PROBE = "/.bluegreen/flight";

  /** The argument of a proof, 16 hexadecimal digits, which is the slot's part of the key then. */
  static final String NUMBER = "flight";

  static final int NOT_YET = 200;
  static final int REACHED = 409;

  /** nginx counts no further. */
  static final int MOST = 65_535;

  /** A count is told by the highest of them that it has reached. */
  static final List<Integer> LIMITS =
      List.of(
          1, 2, 3, 4, 5, 6, 7, 8, 10, 12, 14, 16, 20, 24, 28, 32, 48, 64, 96, 128, 256, 512, 1024,
          2048, 4096, 8192, 16_384, 32_768);

  /**
   * For 80,000 keys, of which one is taken for each slot and worker that answers for it. Memory is
   * only used as keys come.
   */
  private static final String SIZE = "10m";

  static FlightConfig of(Group group) {
    return new FlightConfig(new NginxNames(group), true);
  }

  /**
   * Returns the zone. To nginx another size is another zone, and another key of the same zone an
   * error at a reload, so that both have to be in the name: who changes one, changes that.
   */
  String zone() {
    return names.group().name() + ".flight-1-" + SIZE;
  }

  /** Returns the key of a slot in one worker. */
  static String key(String slotOrNumber, long worker) {
    return slotOrNumber + ":" + worker;
  }

  /** Renders the key, and the zone; a proof is told from a request only at nginx's private door. */
  String maps() {
    return !counting
        ? ""
        : """
          map %3$s %4$s { default ""; blue "%5$s/blue:$pid"; green "%5$s/green:$pid"; }
          map "$host:$arg_%9$s" %6$s { default ""; "~^[a-z0-9_-]+\\.%1$s\\.bluegreen:[0-9a-f]{16}$" "$arg_%9$s:$pid"; }
          map %6$s %7$s { "" %4$s; default %6$s; }
          map %8$s %10$s { 0 %4$s; default %7$s; }
          map %6$s %11$s { "" %12$s; default flight; }
          map %8$s %13$s { 0 %12$s; default %11$s; }
          limit_conn_zone %10$s zone=%2$s:%14$s;
        """
            .formatted(
                names.group().name(),
                zone(),
                names.variable("color"),
                names.variable("flightslot"),
                names.variable("service"),
                names.variable("flightproof"),
                names.variable("flightprivate"),
                names.variable("private"),
                NUMBER,
                names.variable("flight"),
                names.variable("flightvia"),
                names.variable("via"),
                logged(),
                SIZE);
  }

  /** Returns the variable by which the access log tells a proof from a request. */
  String logged() {
    return names.variable(counting ? "flightlogged" : "via");
  }

  /** Renders what stands where requests are passed on. */
  String limit() {
    return !counting
        ? ""
        : "      limit_conn " + zone() + " " + MOST + ";\n      limit_conn_dry_run on;\n";
  }

  /**
   * Renders what stands in the private server. What the user says for all servers must not count
   * there.
   */
  String door() {
    if (!counting) {
      return "";
    }
    return "    set %s $arg_%s;\n    limit_conn_status %s;\n    limit_conn_dry_run off;\n    limit_conn_log_level info;\n"
            .formatted(names.variable("flight"), KEY, REACHED)
        + "    location = %s { return 200 \"$pid %s\"; }\n".formatted(PAGE, zone())
        + LIMITS.stream()
            .map(
                limit ->
                    "    location = %s%s { limit_conn %s %s; empty_gif; }\n"
                        .formatted(PAGE, limit, zone(), limit))
            .collect(Collectors.joining());
  }
}
