package io.bluegreen.nginx;

import io.bluegreen.Group;
import io.bluegreen.Service;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Finds what lets {@code limit_conn} miss some requests, although it counts others. It reads the
 * configuration files, because no request that is sent as a test can show this.
 */
final class FlightConditions {
  /** These directives make requests within a request; nginx does not count those. */
  private static final Set<String> SUBREQUESTS =
      Set.of("auth_request", "mirror", "add_before_body", "add_after_body", "slice");

  /** These directives send a request to another location after it was counted. */
  private static final Set<String> SENDING_ELSEWHERE =
      Set.of("error_page", "try_files", "post_action");

  /**
   * Directives of other modules that let a request wait after its colour is chosen and before it is
   * counted.
   */
  private static final Predicate<String> DELAYING_MODULES =
      Pattern.compile("modsecurity|(server_)?rewrite_by_lua(_block|_file)?").asMatchPredicate();

  /** These directives may name an upstream without passing requests on to it. */
  private static final Set<String> ONLY_NAMING =
      Set.of(
          "upstream",
          "zone",
          "server_name",
          "proxy_set_header",
          "proxy_redirect",
          "add_header",
          "log_format");

  private final Group group;
  private final FlightConfig config;
  private final Set<String> changing;
  private final Pattern upstreams;

  /**
   * Reads for one group.
   *
   * @param group of the router
   * @param config the lines by which nginx counts
   * @param changing variables that nginx decides on again while it answers a request
   */
  FlightConditions(Group group, FlightConfig config, Set<String> changing) {
    this.group = group;
    this.config = config;
    this.changing = Set.copyOf(changing);
    String services =
        group.routed().stream()
            .map(service -> Pattern.quote(config.names().upstreams(service)))
            .collect(Collectors.joining("|"));
    this.upstreams = Pattern.compile("(?<![A-Za-z0-9_.-])(" + services + ")(blue|green|\\$)");
  }

  /** Returns whether the configuration passes requests on to the group's services. */
  boolean passesOn(ConfigBlock all) {
    return all.all().anyMatch(this::isTarget);
  }

  /**
   * Returns what is wrong and how to mend it; empty if each request is counted.
   *
   * @param all the whole configuration
   */
  Optional<FlightFault> fault(ConfigBlock all) {
    List<ConfigBlock> everywhere = new ArrayList<>();
    List<ConfigBlock> servers = new ArrayList<>();
    List<ConfigBlock> https = all.within("http").toList();
    for (ConfigBlock block : https.stream().flatMap(http -> http.within().stream()).toList()) {
      if (block.name().equals("server") && passesOn(block)) {
        servers.add(block);
      } else if (block.within().isEmpty()) {
        everywhere.add(block);
      }
    }
    for (ConfigBlock server : servers) {
      List<ConfigBlock> inEffect = Stream.concat(everywhere.stream(), server.all()).toList();
      Optional<FlightFault> fault = missed(inEffect, targets(server).size() > 1);
      if (fault.isPresent()) {
        return fault;
      }
    }
    return https.stream()
        .flatMap(http -> uncounted(http, List.of()))
        .findFirst()
        .or(() -> all.all().filter(this::isUsedElsewhere).map(this::unclear).findFirst());
  }

  private Optional<FlightFault> missed(List<ConfigBlock> directives, boolean several) {
    for (ConfigBlock one : directives) {
      if (one.name().equals("limit_req") && isDelaying(one)) {
        return FlightFault.of(
            "\"" + one + "\" lets requests wait before they are counted",
            "add nodelay to it, or take it into a server in front");
      }
      if (DELAYING_MODULES.test(one.name()) && !one.has("off")) {
        return FlightFault.of(
            "\"" + one.name() + "\" may let requests wait before they are counted",
            "take it into a server in front");
      }
      if (isOfUser(one)) {
        return FlightFault.of(
            "\"" + one + "\" is a limit_conn of your own, and nginx heeds only those of one level",
            "take it into a server in front, and leave the server of the services to the"
                + " limit_conn of zone "
                + config.zone());
      }
      if (several && isSendingElsewhere(one)) {
        return FlightFault.of(
            "\""
                + one
                + "\" sends a request to a second place of the group in the same server, and only"
                + " the first is counted",
            "give each service a server of its own, or take it out");
      }
    }
    return Optional.empty();
  }

  /** Returns the places within a block that pass requests on but do not count them. */
  private Stream<FlightFault> uncounted(ConfigBlock block, List<ConfigBlock> around) {
    List<ConfigBlock> inside = Stream.concat(around.stream(), Stream.of(block)).toList();
    return Stream.concat(
        block.within().stream()
            .filter(this::isTarget)
            .flatMap(pass -> uncounted(pass, inside, block)),
        block.within().stream().flatMap(within -> uncounted(within, inside)));
  }

  private Stream<FlightFault> uncounted(
      ConfigBlock pass, List<ConfigBlock> inside, ConfigBlock block) {
    boolean counted =
        nearest(inside, "limit_conn").stream().anyMatch(limit -> limit.has(config.zone()))
            && nearest(inside, "limit_conn_dry_run").stream().anyMatch(dry -> dry.has("on"))
            && group.routed().stream().anyMatch(service -> isNamed(service, pass, inside));
    return counted
        ? Stream.empty()
        : Stream.of(
            new FlightFault(
                "\""
                    + pass
                    + "\" in \""
                    + block
                    + "\" is not counted as the group's own places are",
                "give it the same lines that renderConfig(group) has before proxy_pass, and reload"
                    + " nginx once"));
  }

  /** Returns whether a request is counted for the slot that it is passed on to. */
  private boolean isNamed(Service service, ConfigBlock pass, List<ConfigBlock> inside) {
    String target = pass.words().get(1).replaceFirst("^[a-z]+://", "");
    String upstream = config.names().upstreams(service);
    String color = target.startsWith(upstream) ? target.substring(upstream.length()) : "";
    return !color.isEmpty()
        && !changing.contains(color)
        && isSet(inside, config.names().variable("service"), service.name())
        && isSet(inside, config.names().variable("color"), color);
  }

  private static boolean isSet(List<ConfigBlock> inside, String variable, String value) {
    List<ConfigBlock> own = inside.get(inside.size() - 1).within();
    boolean other =
        own.stream()
            .flatMap(ConfigBlock::all)
            .anyMatch(set -> set.isSet(variable) && !set.words().get(2).equals(value));
    for (int i = inside.size() - 1; i >= 0 && !other; i--) {
      List<ConfigBlock> sets =
          inside.get(i).within().stream().filter(set -> set.isSet(variable)).toList();
      if (!sets.isEmpty()) {
        return sets.stream().allMatch(set -> set.words().get(2).equals(value));
      }
    }
    return false;
  }

  /**
   * Returns the directives of a name that are in effect: nginx takes the innermost level that has
   * any.
   */
  private static List<ConfigBlock> nearest(List<ConfigBlock> inside, String name) {
    for (int i = inside.size() - 1; i >= 0; i--) {
      List<ConfigBlock> found = inside.get(i).within(name).toList();
      if (!found.isEmpty()) {
        return found;
      }
    }
    return List.of();
  }

  private boolean isUsedElsewhere(ConfigBlock one) {
    return !ONLY_NAMING.contains(one.name())
        && !isTarget(one)
        && one.words().stream().anyMatch(word -> upstreams.matcher(word).find());
  }

  private FlightFault unclear(ConfigBlock one) {
    return new FlightFault(
        "\""
            + one
            + "\" names an upstream of the group, and whether its requests are counted can't be"
            + " told",
        "name it in proxy_pass, with the same lines that renderConfig(group) has before it");
  }

  /** Returns whether the user wrote this limit, and no version of this library. */
  private boolean isOfUser(ConfigBlock one) {
    return one.name().equals("limit_conn")
        && one.words().size() > 2
        && !one.words().get(1).startsWith(group.name() + ".flight-");
  }

  private static boolean isDelaying(ConfigBlock limit) {
    return limit.words().stream().anyMatch(word -> word.startsWith("burst="))
        && !limit.has("nodelay");
  }

  private static boolean isSendingElsewhere(ConfigBlock one) {
    return (SUBREQUESTS.contains(one.name()) && !one.has("off") && !one.has("0"))
        || SENDING_ELSEWHERE.contains(one.name())
        || (one.name().equals("ssi") && one.has("on"))
        || (one.name().equals("proxy_cache_background_update") && one.has("on"));
  }

  private boolean isTarget(ConfigBlock one) {
    return one.name().endsWith("_pass")
        && one.words().size() == 2
        && upstreams.matcher(one.words().get(1)).find();
  }

  /** Returns the upstreams of this group that a server passes requests on to. */
  private Set<String> targets(ConfigBlock server) {
    return server
        .all()
        .filter(this::isTarget)
        .map(block -> block.words().get(1))
        .collect(Collectors.toSet());
  }
}
