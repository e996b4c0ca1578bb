package io.bluegreen.nginx;

import io.bluegreen.Color;
import io.bluegreen.Group;
import io.bluegreen.Service;

/**
 * The names of upstreams and variables in nginx. Group and service are part of each, so that
 * several groups may live in one nginx.
 *
 * @param group whose names they are
 */
record Naming(Group group) {
  Naming {
    SafeText.name("group", group.name());
    group.routed().forEach(service -> SafeText.name("service", service.name()));
  }

  /** Returns the upstream of one colour, such as {@code shop.web.blue}; a dot is in no name. */
  String upstream(Service service, Color color) {
    return upstreams(service) + color;
  }

  /** Returns the upstreams of a service without the colour. */
  String upstreams(Service service) {
    return group.name() + "." + service + ".";
  }

  /** Returns the variable with the colour that a request to a service goes to. */
  String color(Service service) {
    return "$bg_" + flat(group.name()) + "__" + flat(service.name());
  }

  /** Returns a variable of the whole group, such as {@code $bgkey_shop}. */
  String variable(String what) {
    return "$bg" + what + "_" + flat(group.name());
  }

  /** Returns the name by which a service's server is asked at the private door. */
  String host(Service service) {
    return service + "." + group.name() + ".bluegreen";
  }

  private static String flat(String name) {
    return name.replace('-', '_');
  }
}
