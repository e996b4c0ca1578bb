package io.bluegreen.nginx;

import io.bluegreen.Color;
import io.bluegreen.Group;
import io.bluegreen.Service;

/** The configuration of reload mode: the user's nginx.conf, and the file that this library owns. */
final class ReloadConfig {
  /** A token of nginx has 4096 bytes at most. */
  private static final int TOKEN = 2000;

  private final Group group;
  private final NginxSettings settings;
  private final CommonConfig common;
  private final ProxyConfig proxy;
  private final NginxNames names;
  private final String digest;

  ReloadConfig(Group group, NginxSettings settings, boolean counting) {
    this.group = settings.asNginxSees(group);
    this.settings = settings.asNginxSees();
    this.common = new CommonConfig(this.group, this.settings, counting);
    this.proxy = common.proxy();
    this.names = common.names();
    this.digest = common.digest("reload");
  }

  /** Returns a digest by which this configuration differs from one for other addresses. */
  String digest() {
    return digest;
  }

  NginxNames names() {
    return names;
  }

  /** Renders a whole nginx.conf for a new user. */
  String render() {
    StringBuilder text = new StringBuilder(common.preamble("reload"));
    settings.minTimeout.ifPresent(
        limit -> text.append("  keepalive_min_timeout ").append(limit.toMillis()).append("ms;\n"));
    text.append("  include ").append(settings.generated.orElseThrow()).append(";\n");
    for (Service service : group.routed()) {
      text.append("  server {\n    listen ").append(common.listen(service)).append(";\n");
      text.append("    listen ").append(settings.door().listen()).append(";\n");
      text.append("    server_name ").append(names.host(service)).append(";\n");
      text.append(proxy.serverStart());
      text.append("    location / {\n");
      text.append(proxy.pass(service, names.color(service), "split")).append("    }\n  }\n");
    }
    return text.append("}\n").toString();
  }

  /** Renders all between the markers of the generated file. */
  String body(GenerationStatus status) {
    StringBuilder text = new StringBuilder();
    text.append(common.maps()).append(common.logFormat()).append(proxy.upstreams());
    text.append(settings.container.isPresent() ? common.probeMap() : "");
    for (Service service : group.routed()) {
      text.append(split(service, status.split().share(service.name(), Color.GREEN)));
      text.append(proxy.direct(service));
    }
    return text.append(door(status.json())).toString();
  }

  /** Renders the variable with the colour of a request: the split's, unless the preview asks. */
  private String split(Service service, int green) {
    String color = names.color(service);
    String plain =
        settings.preview.isEmpty() ? color : color.replaceFirst("^\\$bg_", "\\$bgsplit_");
    String shares =
        switch (green) {
          case 0 -> "* blue;";
          case 100 -> "* green;";
          default -> green + "% green; * blue;";
        };
    String split =
        "  split_clients \"%s%s\" %s { %s }\n"
            .formatted(group.name(), names.variable("key"), plain, shares);
    return settings.preview.isEmpty()
        ? split
        : split
            + "  map %s %s { default %s; blue blue; green green; }\n"
                .formatted(names.variable("preview"), color, plain);
  }

  private String door(String status) {
    StringBuilder text = new StringBuilder();
    StringBuilder whole = new StringBuilder();
    for (int start = 0, part = 1; start < status.length(); start += TOKEN, part++) {
      String piece = status.substring(start, Math.min(status.length(), start + TOKEN));
      String variable = names.variable("status" + part);
      text.append("  map \"\" ").append(variable).append(" { default '").append(piece);
      text.append("'; }\n");
      whole.append("${").append(variable.substring(1)).append("}");
    }
    return text
        + """
          server {
            listen %s default_server;
            access_log off;
            server_tokens on;
            keepalive_timeout 1h;
            keepalive_requests 10000;
            location = %s { default_type application/json; return 200 '{"pid":$pid,"config":"%s","status":%s}'; }
        %s%s    location / { return 404; }
          }
        """
            .formatted(
                settings.door().listen(),
                LiveConfig.STATUS,
                digest,
                whole,
                common.flight().door(),
                sharedFolder());
  }

  /** Renders the page that {@link SharedFolderCheck} asks. */
  private String sharedFolder() {
    return settings.container.isEmpty()
        ? ""
        : "    location = %s { open_file_cache off; default_type text/plain; if (-f %s/%s%s) { return 200 yes; } return 200 no; }\n"
            .formatted(
                SharedFolderCheck.PAGE,
                settings.home,
                LiveDirectory.PROBE,
                names.variable("probe"));
  }
}
