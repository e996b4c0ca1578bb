package io.bluegreen.nginx;

import io.bluegreen.support.AddressRange;
import io.bluegreen.support.ForwardedHeaders;
import io.bluegreen.support.TrustedProxies;
import java.util.stream.Collectors;

/**
 * The part of nginx's configuration that tells the application where a request came from, as {@link
 * ForwardedHeaders} says. Headers with {@code _} in their names never pass nginx, unless somebody
 * tells it so, and of those that begin with {@code X-Forwarded-} it drops the named ones.
 *
 * @param names of the group in nginx
 * @param trusted the proxies that are believed
 */
record OriginConfig(NginxNames names, TrustedProxies trusted) {
  /** Renders the variables with the values, for the http block. */
  String maps() {
    String forwarded =
        """
          map $remote_addr %1$s { default "for=$remote_addr;proto=$scheme"; "unix:" "for=unknown;proto=$scheme"; ~: 'for="[$remote_addr]";proto=$scheme'; }
        """
            .formatted(names.variable("hop"));
    if (trusted.networks().isEmpty()) {
      return forwarded;
    }
    return forwarded
        + """
          geo %1$s { default 0; %2$s }
          map $http_forwarded %3$s { "" %4$s; default "$http_forwarded, %4$s"; }
          map %1$s %5$s { 0 %4$s; default %3$s; }
          map %1$s %6$s { 0 $remote_addr; default $proxy_add_x_forwarded_for; }
          map %1$s %7$s { 0 $scheme; default $http_x_forwarded_proto; }
          map %1$s %8$s { 0 $http_host; default $http_x_forwarded_host; }
          map %1$s %9$s { 0 $server_port; default $http_x_forwarded_port; }
        """
            .formatted(
                names.variable("believed"),
                trusted.networks().stream()
                    .map(AddressRange::toString)
                    .map(network -> network + " 1;")
                    .collect(Collectors.joining(" ")),
                names.variable("hops"),
                names.variable("hop"),
                names.variable("forwarded"),
                names.variable("for"),
                names.variable("proto"),
                names.variable("askedhost"),
                names.variable("port"));
  }

  /** Renders the headers, for where a request is passed on. */
  String headers() {
    boolean nobody = trusted.networks().isEmpty();
    return header("X-Forwarded-For", nobody ? "$remote_addr" : names.variable("for"))
        + header("X-Forwarded-Proto", nobody ? "$scheme" : names.variable("proto"))
        + header("X-Forwarded-Host", nobody ? "$http_host" : names.variable("askedhost"))
        + header("X-Forwarded-Port", nobody ? "$server_port" : names.variable("port"))
        + header("Forwarded", names.variable(nobody ? "hop" : "forwarded"))
        + ForwardedHeaders.OTHERS.stream()
            .map(name -> header(name, "\"\""))
            .collect(Collectors.joining());
  }

  private static String header(String name, String value) {
    return "      proxy_set_header %s %s;\n".formatted(name, value);
  }
}
