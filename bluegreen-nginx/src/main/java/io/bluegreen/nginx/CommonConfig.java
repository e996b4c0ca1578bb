package io.bluegreen.nginx;

import io.bluegreen.Group;
import io.bluegreen.Service;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** The parts of nginx's configuration that both modes share, but for {@link ProxyConfig}. */
final class CommonConfig {
  private final Group group;
  private final NginxSettings settings;
  private final NginxNames names;
  private final FlightConfig flight;
  private final ProxyConfig proxy;

  CommonConfig(Group group, NginxSettings settings, boolean counting) {
    this.group = group;
    this.settings = settings;
    this.names = new NginxNames(group);
    this.flight = new FlightConfig(names, counting);
    this.proxy = new ProxyConfig(group, settings, names, flight);
    settings.direct.keySet().forEach(service -> group.service(service));
  }

  NginxNames names() {
    return names;
  }

  /** Returns what lets nginx tell what is in flight. */
  FlightConfig flight() {
    return flight;
  }

  ProxyConfig proxy() {
    return proxy;
  }

  /** Renders the variables by which the colour of a request is chosen: cookie and preview. */
  String maps() {
    StringBuilder text = new StringBuilder();
    // Another protocol would be a tunnel past all that is decided here. Without this, an Upgrade
    // that is passed on says nothing (RFC 9110 section 7.8).
    text.append("  map $http_upgrade ").append(names.variable("connection"));
    text.append(" { default \"\"; websocket upgrade; }\n");
    // With its port, which $host does not have; a request of HTTP/1.0 may have no Host.
    text.append("  map $http_host ").append(names.variable("host"));
    text.append(" { \"\" $host; default $http_host; }\n");
    text.append(new OriginConfig(names, settings.trusted).maps());
    text.append("  map $remote_addr ").append(names.variable("private"));
    text.append(" { default 0; \"unix:\" 1; 127.0.0.1 1; ::1 1; }\n");
    String cookie = settings.cookie.map(name -> "$cookie_" + name).orElse("$request_id");
    text.append("  map ").append(cookie).append(" ").append(names.variable("key"));
    text.append(" { \"\" $request_id; default ").append(cookie).append("; }\n");
    settings.cookie.ifPresent(
        name ->
            text.append("  map ")
                .append(cookie)
                .append(" ")
                .append(names.variable("setkey"))
                .append(" { default \"\"; \"\" \"")
                .append(name)
                .append("=$request_id; Path=/; Max-Age=86400; HttpOnly; SameSite=Lax\"; }\n"));
    settings.preview.ifPresent(preview -> text.append(preview(preview)));
    return text.append(proof()).append(flight.maps()).toString();
  }

  /** Renders the variable with the number of an {@link AccessLogCheck}; empty on other doors. */
  private String proof() {
    return "  map \"%s:$host:$arg_number\" %s { default \"\"; \"~^1:[a-z0-9_-]+\\.%s\\.bluegreen:[0-9a-f]{16}$\" $arg_number; }\n"
        .formatted(names.variable("private"), names.variable("log"), group.name());
  }

  /** Renders the variable with the name of a file of which a page tells whether nginx sees it. */
  String probeMap() {
    return "  map $arg_file %s { default none; \"~^[0-9a-f]{16}$\" $arg_file; }\n"
        .formatted(names.variable("probe"));
  }

  private String preview(PreviewRule preview) {
    StringBuilder text = new StringBuilder("  geo ").append(names.variable("trusted"));
    text.append(" { default 0;");
    preview.from().forEach(network -> text.append(" ").append(network).append(" 1;"));
    text.append(" }\n  map \"").append(names.variable("trusted")).append(":");
    text.append(preview.variable()).append("\" ").append(names.variable("preview"));
    text.append(" { default \"\"; \"1:blue\" blue; \"1:green\" green; }\n");
    return text.toString();
  }

  /** Renders the form of the access log that the meter reads. */
  String logFormat() {
    return "  log_format bluegreen_%s escape=json '{\"service\":\"%s\",\"color\":\"%s\",\"via\":\"%s\",\"status\":$status,\"seconds\":$request_time}';\n"
        .formatted(
            group.name(), names.variable("service"), names.variable("color"), flight.logged());
  }

  /** Returns a digest of what nginx must be configured with to serve this group. */
  String digest(String more) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256")
              .digest(
                  (group.name() + "\n" + proxy.upstreams() + more)
                      .getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(hash, 0, 8);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JVM has SHA-256", e);
    }
  }

  /** Renders what stands before the http block in a whole configuration. */
  String preamble(String mode) {
    Path home = settings.home;
    return """
    # Rendered by bluegreen for group %s, %s mode. Start: nginx -p %s/ -c %s/nginx.conf
    %sworker_processes auto;
    worker_shutdown_timeout 1h;
    pid %s;
    error_log %s notice;
    events { worker_connections 4096; }
    http {
      client_body_temp_path %s/tmp-body;
      proxy_temp_path %s/tmp-proxy;
      fastcgi_temp_path %s/tmp-fastcgi;
      uwsgi_temp_path %s/tmp-uwsgi;
      scgi_temp_path %s/tmp-scgi;
      access_log off;
      server_names_hash_bucket_size 256;
      variables_hash_bucket_size 256;
    """
        .formatted(
            group.name(),
            mode,
            home,
            home,
            settings.workerUser.map(user -> "user " + user + ";\n").orElse(""),
            settings.pidFile,
            settings.errorLog,
            home,
            home,
            home,
            home,
            home);
  }

  /** Returns where a service listens, as nginx spells it. */
  String listen(Service service) {
    URI door =
        service
            .frontDoor()
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        "service "
                            + service
                            + ": nginx.conf can't be rendered without an address to listen at;"
                            + " name it with frontDoor(\"http://127.0.0.1:8080\")"));
    return NginxAddress.literal("service " + service + ": front door", door);
  }
}
