package io.bluegreen.nginx;

import io.bluegreen.Group;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The part of nginx's configuration that lets nginx tell what is in flight. {@code limit_conn} of
 * ngx_http_limit_conn_module counts the requests that are being processed, by a key, in memory that
 * all workers and all generations share. The key holds the slot and the worker: a worker that is
 * killed never takes its counts back, so that only the keys of living workers are asked for. The
 * private pages tell whether a key has reached a limit: a request to them names the key.
 *
 * <p>Nobody is ever refused because of it: where the memory is full, or a worker answers more than
 * {@link #MAX_COUNT} requests of a slot, the requests go on uncounted ({@code limit_conn_dry_run}).
 *
 * @param names of the group in nginx
 * @param counting whether the lines are rendered at all: an nginx that does not know them refuses
 *     them
 */
record FlightConfig(NginxNames names, boolean counting) {
  /** This private page names the worker and the zone; the pages below it tell the counts. */
  static final String PAGE = "/bluegreen/flight/";

  /** The argument that names the key. */
  static final String KEY = "key";

  /** The path of the request that proves that a service's server counts; it is never answered. */
  static final String PROBE = "/.bluegreen/flight";

  /** The argument of a proof: 16 hexadecimal digits, which stand for the slot in its key. */
  static final String NUMBER = "flight";

  static final int NOT_YET = 200;
  static final int REACHED = 409;

  /** nginx counts no further. */
  static final int MAX_COUNT = 65_535;

  /** A count is told as the highest of these limits that it has reached. */
  static final List<Integer> LIMITS =
      List.of(
          1, 2, 3, 4, 5, 6, 7, 8, 10, 12, 14, 16, 20, 24, 28, 32, 48, 64, 96, 128, 256, 512, 1024,
          2048, 4096, 8192, 16_384, 32_768);

  /**
   * Room for 80,000 keys: one for each slot in each worker. nginx uses the memory only as keys
   * come.
   */
  private static final String SIZE = "10m";

  static FlightConfig of(Group group) {
    return new FlightConfig(new NginxNames(group), true);
  }

  /**
   * Returns the name of the zone. To nginx a zone of another size is a new zone, and another key
   * for the same zone is an error at a reload. So the name holds the size, and a number that must
   * change with the key.
   */
  String zone() {
    return names.group().name() + ".flight-1-" + SIZE;
  }

  /** Returns the key of a slot in one worker. */
  static String key(String slotOrNumber, long worker) {
    return slotOrNumber + ":" + worker;
  }

  /** Renders the key and the zone. Only a request at nginx's private door can be a proof. */
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

  /** Renders the lines for each place that passes requests on. */
  String limit() {
    return !counting
        ? ""
        : "      limit_conn " + zone() + " " + MAX_COUNT + ";\n      limit_conn_dry_run on;\n";
  }

  /** Renders the lines of the private server. They override what the user sets for all servers. */
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
