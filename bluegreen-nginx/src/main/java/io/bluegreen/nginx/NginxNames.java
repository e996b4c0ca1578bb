package io.bluegreen.nginx;

import io.bluegreen.Color;
import io.bluegreen.Group;
import io.bluegreen.Service;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.stream.Collectors;

/**
 * The names of upstreams and variables in nginx. Each has the group in it, so that several groups
 * may live in one nginx.
 *
 * @param group whose names they are
 */
record NginxNames(Group group) {
  NginxNames {
    SafeText.name("group", group.name());
    group.routed().forEach(service -> SafeText.name("service", service.name()));
  }

  /** Returns the upstream of one colour, such as {@code shop.web.blue}; no name has a dot in it. */
  String upstream(Service service, Color color) {
    return upstreams(service) + color;
  }

  /** Returns the upstreams of a service without the colour. */
  String upstreams(Service service) {
    return group.name() + "." + service + ".";
  }

  /** Returns the variable with the colour that a request to a service goes to. */
  String color(Service service) {
    return "$bg_" + flat(group.name(), service.name());
  }

  /** Returns the variable with the first colour that a request to a service was given. */
  String kept(Service service) {
    return "$bgkept_" + flat(group.name(), service.name());
  }

  /** Returns a variable of the whole group, such as {@code $bgkey_shop}. */
  String variable(String what) {
    return "$bg" + what + "_" + flat(group.name());
  }

  /** Returns the name by which a service's server is asked at the private door. */
  String host(Service service) {
    return service + "." + group.name() + ".bluegreen";
  }

  /**
   * Joins names for a variable of nginx, which may have no '-': it becomes '_'. Where a name has a
   * '_' of its own, a checksum of all names keeps them apart from others. Two '_' in a row stand
   * only between two names, and before the checksum.
   */
  private static String flat(String... names) {
    String flat =
        Arrays.stream(names)
            .map(name -> name.replaceAll("[_-]+", "_").replaceAll("_$", ""))
            .collect(Collectors.joining("__"));
    String all = String.join(".", names);
    return all.indexOf('_') < 0 ? flat : flat + "__" + checksum(all);
  }

  private static String checksum(String text) {
    try {
      byte[] sum =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.US_ASCII));
      return HexFormat.of().formatHex(sum, 0, 6);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
