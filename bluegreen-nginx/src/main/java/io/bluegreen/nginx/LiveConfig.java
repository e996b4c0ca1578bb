package io.bluegreen.nginx;

import io.bluegreen.Group;
import io.bluegreen.Service;
import java.util.stream.Collectors;

/**
 * The configuration of live mode, which nginx loads once. Each request asks the file system which
 * colour it goes to. It does so by a single stat of {@code current/<service>/<bucket>}, so that its
 * colour never comes from two generations.
 */
final class LiveConfig {
  static final String STATUS = "/bluegreen/status";
  static final String DIGEST = "x-bluegreen-config";
  static final String WORKER = "x-bluegreen-worker";
  static final String PROBE = "/.bluegreen/probe";

  private final Group group;
  private final NginxSettings settings;
  private final CommonConfig common;
  private final ProxyConfig proxy;
  private final NginxNames names;
  private final String digest;

  LiveConfig(Group group, NginxSettings settings, boolean counting) {
    this.group = settings.asNginxSees(group);
    this.settings = settings.asNginxSees();
    this.common = new CommonConfig(this.group, this.settings, counting);
    this.proxy = common.proxy();
    this.names = common.names();
    this.digest = common.digest("live " + this.settings.home);
  }

  NginxNames names() {
    return names;
  }

  /** Returns a digest by which this configuration differs from one for other addresses. */
  String digest() {
    return digest;
  }

  /** Renders a whole nginx.conf. */
  String render() {
    StringBuilder text = new StringBuilder(common.preamble("live"));
    text.append(common.maps()).append(kept()).append(common.probeMap()).append(buckets());
    text.append(common.logFormat());
    text.append(proxy.upstreams());
    for (Service service : group.routed()) {
      text.append(server(service)).append(proxy.direct(service));
    }
    return text.append(door()).append("}\n").toString();
  }

  private String server(Service service) {
    String color = names.color(service);
    String preview =
        settings.preview.isEmpty()
            ? ""
            : "    if (%s) { set %s %s; }\n"
                .formatted(names.variable("preview"), color, names.variable("preview"));
    return """
      server {
        listen %s;
        listen %s;
        server_name %s;
    %s    set %s blue;
        if (-f %s/current/%s/%s) { set %s green; }
    %s%s    location / {
    %s    }
      }
    """
        .formatted(
            common.listen(service),
            settings.door().listen(),
            names.host(service),
            proxy.serverStart(),
            color,
            settings.home,
            service,
            names.variable("bucket"),
            color,
            preview,
            probe(service),
            proxy.pass(service, names.kept(service), "split"));
  }

  /** Renders a page in each service's own server: only there that server's settings count. */
  private String probe(Service service) {
    return """
        location = %s {
          access_log off;
          keepalive_timeout 60s;
          keepalive_requests 10000;
          if (%s = 0) { return 404; }
          set %s no;
          if (-f %s/.probe-%s) { set %s yes; }
          default_type application/json;
          return 200 '{%s,"sees":"%s"}';
        }
    """
        .formatted(
            PROBE,
            names.variable("private"),
            names.variable("sees"),
            settings.home,
            names.variable("probe"),
            names.variable("sees"),
            decision(service, names.color(service)),
            names.variable("sees"));
  }

  /** Returns the part of that page in which the server tells the colour that it decides on. */
  String decision(Service service, String color) {
    return "\"service\":\"%s\",\"color\":\"%s\",\"config\":\"%s\""
        .formatted(service, color, digest());
  }

  /**
   * Renders variables that keep the colour which a request was first counted for. nginx decides
   * again when the application sends it to another location (X-Accel-Redirect), maybe after a
   * switch, and does not count again.
   */
  private String kept() {
    return group.routed().stream()
        .map(
            service ->
                "  map %s %s { default %s; }\n"
                    .formatted(names.color(service), names.kept(service), names.color(service)))
        .collect(Collectors.joining());
  }

  private String buckets() {
    String shares =
        Buckets.NAMES.subList(0, 99).stream()
            .map("1%% %s;"::formatted)
            .collect(Collectors.joining(" ", "", " * 99;"));
    return "  split_clients \"%s%s\" %s { %s }\n"
        .formatted(group.name(), names.variable("key"), names.variable("bucket"), shares);
  }

  private String door() {
    return """
      server {
        listen %s default_server;
        access_log off;
        open_file_cache off;
        keepalive_timeout 60s;
        keepalive_requests 10000;
        location = %s {
          default_type application/json;
          add_header %s %s always;
          add_header %s $pid always;
          alias %s/current/status.json;
        }
    %s    location / { return 404; }
      }
    """
        .formatted(
            settings.door().listen(),
            STATUS,
            DIGEST,
            digest(),
            WORKER,
            settings.home,
            common.flight().door());
  }
}
