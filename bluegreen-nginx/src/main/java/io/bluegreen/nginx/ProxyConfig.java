package io.bluegreen.nginx;

import io.bluegreen.Color;
import io.bluegreen.Group;
import io.bluegreen.Service;
import java.net.URI;

/**
 * The parts of nginx's configuration that pass a request on to an instance: upstreams, the inside
 * of locations, and direct ports.
 */
record ProxyConfig(Group group, NginxSettings settings, NginxNames names, FlightConfig flight) {
  /**
   * Renders an upstream for each colour of each service. nginx's own opinion of their health is
   * switched off, because split, preview and direct ports share it: two broken requests, or a look
   * at an idle colour, would keep everybody from a healthy colour for 10 s.
   */
  String upstreams() {
    StringBuilder text = new StringBuilder();
    for (Service service : group.routed()) {
      for (Color color : Color.values()) {
        text.append("  upstream ").append(names.upstream(service, color)).append(" {\n");
        text.append("    zone ").append(names.upstream(service, color)).append(" 64k;\n");
        for (URI endpoint : service.endpoints(color)) {
          String server = NginxAddress.literal("service " + service + ": " + color, endpoint);
          text.append("    server ").append(server).append(" max_fails=0;\n");
        }
        text.append("    keepalive 32;\n  }\n");
      }
    }
    return text.toString();
  }

  /**
   * Renders what stands in each server block of the front. What HAProxy and the embedded router
   * pass passes here, too: bodies of any size, heads of 32 kB, answers and WebSockets that are
   * silent for an hour, and each event at once.
   */
  String serverStart() {
    return """
        open_file_cache off;
        uninitialized_variable_warn off;
        client_max_body_size 0;
        large_client_header_buffers 4 32k;
        proxy_buffering off;
        proxy_buffer_size 32k;
        proxy_buffers 4 32k;
        proxy_read_timeout 1h;
        access_log %s bluegreen_%s;
    """
        .formatted(settings.accessLog, group.name());
  }

  /** Renders how a request is passed on, to a colour in a variable or to a fixed one. */
  String pass(Service service, String color, String via) {
    StringBuilder text = new StringBuilder();
    text.append("      set ").append(names.variable("service")).append(" ").append(service);
    text.append(";\n      set ").append(names.variable("color")).append(" ").append(color);
    text.append(";\n      set ")
        .append(names.variable("via"))
        .append(" ")
        .append(via)
        .append(";\n");
    if (via.equals("split")) {
      text.append("      if (").append(names.variable("log")).append(") { set ");
      text.append(names.variable("via")).append(" ").append(names.variable("log"));
      text.append("; return 204; }\n");
      settings.preview.ifPresent(
          preview ->
              text.append("      if (")
                  .append(names.variable("preview"))
                  .append(") { set ")
                  .append(names.variable("via"))
                  .append(" preview; }\n"));
      settings.cookie.ifPresent(
          cookie ->
              text.append("      add_header Set-Cookie ")
                  .append(names.variable("setkey"))
                  .append(";\n"));
    }
    text.append(flight.limit());
    text.append(
        """
              proxy_http_version 1.1;
              proxy_set_header Host %s;
        %s              proxy_set_header Upgrade $http_upgrade;
              proxy_set_header Connection %s;
        %s      proxy_pass http://%s%s;
        """
            .formatted(
                names.variable("host"),
                new OriginConfig(names, settings.trusted).headers(),
                names.variable("connection"),
                retries(service),
                names.upstreams(service),
                color));
    return text.toString();
  }

  /**
   * Renders what happens where an instance does not answer: nginx asks the next one of the same
   * colour, as long as no byte of an answer was passed on. Of a request that is not idempotent
   * nothing may have been sent either. An instance that swallows connections costs a client at most
   * two seconds, which is enough for a connection of which one packet was lost.
   */
  private static String retries(Service service) {
    int most =
        Math.max(service.endpoints(Color.BLUE).size(), service.endpoints(Color.GREEN).size());
    return "      proxy_next_upstream error timeout;\n"
        + "      proxy_next_upstream_tries 3;\n"
        + "      proxy_next_upstream_timeout 10s;\n"
        + (most > 1 ? "      proxy_connect_timeout 2s;\n" : "");
  }

  /** Renders the server of a service's direct ports, if it has some. */
  String direct(Service service) {
    DirectPorts ports = settings.direct.get(service.name());
    if (ports == null) {
      return "";
    }
    StringBuilder text = new StringBuilder();
    for (Color color : Color.values()) {
      URI door = settings.asNginxSees(URI.create("http://127.0.0.1:" + ports.of(color)));
      text.append("  server {\n    listen ").append(door.getAuthority()).append(";\n");
      text.append(serverStart()).append("    location / {\n");
      text.append(pass(service, color.label(), "direct")).append("    }\n  }\n");
    }
    return text.toString();
  }
}
