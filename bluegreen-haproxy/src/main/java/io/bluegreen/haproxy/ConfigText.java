package io.bluegreen.haproxy;

import io.bluegreen.Color;
import io.bluegreen.Group;
import io.bluegreen.Service;
import io.bluegreen.support.AddressRange;
import io.bluegreen.support.ForwardedHeaders;
import io.bluegreen.support.LiteralAddress;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Writes a configuration for map mode. */
final class ConfigText {
  /**
   * Lets a frontend upgrade to a WebSocket only: another protocol would be a tunnel past its rules.
   */
  static final String WEBSOCKET_ONLY =
      """
          http-request del-header Upgrade unless { req.fhdr_cnt(upgrade) eq 1 } { req.fhdr(upgrade) -m str -i websocket }
      """;

  private final Group group;
  private final HaproxySettings settings;
  private final RenderOptions options;
  private final StringBuilder text = new StringBuilder();

  ConfigText(Group group, HaproxySettings settings, RenderOptions options) {
    this.group = settings.seen(group);
    this.settings = settings;
    this.options = options;
  }

  RenderedHaproxy render() {
    text.append(head(group, settings, options));
    group.routed().forEach(this::frontend);
    options.direct.forEach(direct -> text.append(direct(group, direct, options)));
    for (Service service : group.routed()) {
      for (Color color : Color.values()) {
        backend(service, color);
        if (options.asksByName()) {
          text.append(asked(service, color, MapMode.backend(service, color), "s"));
        }
      }
    }
    MapContent none = new MapContent(Optional.of(group.name()), Map.of(), List.of());
    return new RenderedHaproxy(text.toString(), MapFile.render(group, none, 0, "none"));
  }

  static String head(Group group, HaproxySettings settings, RenderOptions options) {
    Path socket = settings.seen(settings.api().wire().socket());
    return """
    # HAProxy for group GROUP. Run with a master: haproxy -W -S <socket> -f <this file>
    global
        nbthread THREADS
        # The longest head of a request or an answer is 1 KiB less.
        tune.bufsize 32768
        stats socket SOCKET mode 600 level admin expose-fd listeners
        # After a reload former workers finish their connections within this time.
        hard-stop-after 10m

    defaults
        mode http
        timeout connect 2s
        timeout client 60s
        # An answer may be silent for so long, as a WebSocket may.
        timeout server 1h
        timeout queue 5s
        timeout tunnel 1h
        timeout http-request 30s
        timeout http-keep-alive 10s
        option redispatch
        retries 2
        # Both colours are always enabled and checked: their health is known before a switch.
        default-server check inter 1s fastinter 200ms fall 2 rise 2
    """
        .replace("GROUP", group.name())
        .replace("THREADS", Integer.toString(options.threads))
        .replace("SOCKET", CommandWord.file("admin socket", socket))
        .replaceFirst("(?m)^global$", container(settings) + "global");
  }

  private static String container(HaproxySettings settings) {
    RecordFile file = settings.file();
    return settings.container().isEmpty()
        ? ""
        : "# It runs in a container: all paths and addresses here are those that are seen there.\n"
            + "# "
            + file.loaded()
            + " is what this library replaces as "
            + file.path()
            + ", so that\n# the folder has to be mounted, not the file.\n";
  }

  static String door(Service service) {
    URI door =
        service
            .frontDoor()
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        "service " + service + ": has no front door to bind"));
    return LiteralAddress.configured("service " + service + ": front door", door);
  }

  static String http(Service service, URI endpoint) {
    if (!endpoint.getScheme().equals("http")) {
      throw new IllegalArgumentException(
          "service " + service + ": only http endpoints are rendered, not " + endpoint);
    }
    return LiteralAddress.configured("service " + service, endpoint);
  }

  static String preview(String name, RenderOptions.Preview preview) {
    return """
        http-request set-var(txn.want) req.hdr(HEADER),lower if { src TRUSTED }
        http-request del-header HEADER
        use_backend NAME_green_asked if { var(txn.want) -m str green }
        use_backend NAME_blue_asked if { var(txn.want) -m str blue }
    """
        .replace("HEADER", preview.header())
        .replace("TRUSTED", String.join(" ", preview.trusted()))
        .replace("NAME", name);
  }

  /** Says where a request comes from, as {@link ForwardedHeaders} says. */
  static String origin(RenderOptions options) {
    String networks =
        options.trusted.networks().stream()
            .map(AddressRange::toString)
            .collect(Collectors.joining(" "));
    String unless = networks.isEmpty() ? "" : " unless { src " + networks + " }";
    String others =
        ForwardedHeaders.OTHERS.stream()
            .map(name -> name.toLowerCase(Locale.ROOT).replace("-", "[-_]"))
            .collect(Collectors.joining("|"));
    return """
        # What a client says of its origin is dropped, also with '_' for '-'.
        http-request del-header ^(OTHERS|x_forwarded[-_].*|x-forwarded_.*|x-forwarded-.*_.*)$ -m reg
        http-request del-header ^(x-forwarded-.*|forwarded)$ -m regUNLESS
        http-request set-header X-Forwarded-Proto httpUNLESS
        http-request set-header X-Forwarded-Port %[dst_port]UNLESS
        http-request set-header X-Forwarded-Host %[req.fhdr(host)] if { req.hdr(host) -m found }HOST
        http-request add-header X-Forwarded-For %[src]
        http-request add-header Forwarded for=%[src];proto=http unless { src -m sub : }
        http-request add-header Forwarded for=\\"[%[src]]\\";proto=http if { src -m sub : }
    """
        .replace("OTHERS", others)
        .replace("UNLESS", unless)
        .replace("HOST", networks.isEmpty() ? "" : " !{ src " + networks + " }");
  }

  static String direct(Group group, RenderOptions.Direct direct, RenderOptions options) {
    String backend = MapMode.backend(group.service(direct.service()), direct.color());
    return """

    frontend direct_BACKEND
        bind ADDRESS
    WEBSOCKET    default_backend BACKEND_asked
    """
        .replace("WEBSOCKET", WEBSOCKET_ONLY + origin(options))
        .replace("BACKEND", backend)
        .replace("ADDRESS", direct.address());
  }

  /**
   * Returns the backend for requests that ask for a colour by name, so that the counters of the
   * other backend are those of the split. It has the same addresses, and the health of the servers
   * that are switched.
   */
  static String asked(Service service, Color color, String backend, String prefix) {
    StringBuilder text = new StringBuilder("\nbackend ");
    text.append(MapMode.backend(service, color)).append("_asked\n");
    int number = 0;
    for (URI endpoint : service.endpoints(color)) {
      number++;
      text.append("    server s").append(number).append(' ').append(http(service, endpoint));
      text.append(" no-check track ").append(backend).append('/').append(prefix).append(number);
      text.append('\n');
    }
    return text.toString();
  }

  private void frontend(Service service) {
    String name = service.name();
    line("");
    line("frontend " + name);
    line("    bind " + door(service));
    text.append(WEBSOCKET_ONLY).append(origin(options));
    line("    # One lookup per request: percent to green, and the generation of the switch.");
    line("    http-request set-var(txn.split) str(" + name + "),map_str(" + map() + ",0:0)");
    line("    http-request set-var(txn.green) var(txn.split),field(1,:)");
    line("    http-request set-var(txn.dice) rand(100)");
    if (options.stickyCookie != null) {
      String cookie = "req.cook(" + options.stickyCookie + ")";
      line(
          "    http-request set-var(txn.dice) "
              + cookie
              + ",xxh32,mod(100) if { "
              + cookie
              + " -m found }");
    }
    options.preview().ifPresent(preview -> text.append(preview(name, preview)));
    line("    use_backend " + name + "_green if { var(txn.dice),sub(txn.green) lt 0 }");
    line("    default_backend " + name + "_blue");
  }

  private Path map() {
    return settings.file().loaded();
  }

  private void backend(Service service, Color color) {
    line("");
    line("backend " + MapMode.backend(service, color));
    if (options.healthPath != null) {
      line("    option httpchk GET " + options.healthPath);
    }
    int number = 0;
    for (URI endpoint : service.endpoints(color)) {
      number++;
      line("    server s" + number + " " + http(service, endpoint));
    }
  }

  private void line(String line) {
    text.append(line).append('\n');
  }
}
