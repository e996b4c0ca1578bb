package io.bluegreen.haproxy;

import io.bluegreen.Color;
import io.bluegreen.Group;
import io.bluegreen.Service;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Writes a configuration for map mode, checked with 2.4 to 3.4. */
final class ConfigText {
  private final Group group;
  private final Path map;
  private final RuntimeApi api;
  private final RenderOptions options;
  private final StringBuilder text = new StringBuilder();

  ConfigText(Group group, Path map, RuntimeApi api, RenderOptions options) {
    this.group = group;
    this.map = map;
    this.api = api;
    this.options = options;
  }

  RenderedConfig render() {
    options.direct.forEach(direct -> group.service(direct.service()));
    head();
    group.routed().forEach(this::frontend);
    options.direct.forEach(this::direct);
    for (Service service : group.routed()) {
      backend(service, Color.BLUE);
      backend(service, Color.GREEN);
    }
    Shares none = new Shares(Optional.of(group.name()), Map.of(), List.of());
    return new RenderedConfig(text.toString(), MapFile.render(group, none, 0, "none"));
  }

  private void head() {
    text.append(
        """
        # HAProxy for group GROUP. Run with a master: haproxy -W -S <socket> -f <this file>
        global
            nbthread THREADS
            stats socket SOCKET mode 600 level admin expose-fd listeners
            # Former workers end what they have within this time behind a reload.
            hard-stop-after 10m

        defaults
            mode http
            timeout connect 2s
            timeout client 60s
            timeout server 60s
            timeout queue 5s
            timeout tunnel 1h
            timeout http-keep-alive 10s
            option redispatch
            retries 2
            # Both colours are always enabled and checked: the switch is the map, nothing else.
            default-server check inter 1s fastinter 200ms fall 2 rise 2
        """
            .replace("GROUP", group.name())
            .replace("THREADS", Integer.toString(options.threads))
            .replace("SOCKET", CommandWord.file("admin socket", api.socket())));
  }

  private void frontend(Service service) {
    URI door =
        service
            .frontDoor()
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        "service " + service + ": has no front door to bind"));
    String name = service.name();
    line("");
    line("frontend " + name);
    line("    bind " + door.getAuthority());
    line("    # One lookup per request: percent to green, and the generation of the switch.");
    line("    http-request set-var(txn.split) str(" + name + "),map_str(" + map + ",0:0)");
    line("    http-request set-var(txn.green) var(txn.split),field(1,:)");
    line("    http-request set-var(txn.dice) rand(100)");
    if (options.cohortCookie != null) {
      String cookie = "req.cook(" + options.cohortCookie + ")";
      line(
          "    http-request set-var(txn.dice) "
              + cookie
              + ",xxh32,mod(100) if { "
              + cookie
              + " -m found }");
    }
    options.preview().ifPresent(preview -> preview(name, preview));
    line("    use_backend " + name + "_green if { var(txn.dice),sub(txn.green) lt 0 }");
    line("    default_backend " + name + "_blue");
  }

  private void preview(String name, RenderOptions.Preview preview) {
    line(
        "    http-request set-var(txn.want) req.hdr("
            + preview.header()
            + "),lower if { src "
            + String.join(" ", preview.trusted())
            + " }");
    line("    http-request del-header " + preview.header());
    line("    use_backend " + name + "_green if { var(txn.want) -m str green }");
    line("    use_backend " + name + "_blue if { var(txn.want) -m str blue }");
  }

  private void direct(RenderOptions.Direct direct) {
    String backend = direct.service() + "_" + direct.color().label();
    line("");
    line("frontend direct_" + backend);
    line("    bind " + direct.address());
    line("    default_backend " + backend);
  }

  private void backend(Service service, Color color) {
    line("");
    line("backend " + MapScheme.backend(service, color));
    if (options.healthPath != null) {
      line("    option httpchk GET " + options.healthPath);
    }
    int number = 0;
    for (URI endpoint : service.endpoints(color)) {
      if (!endpoint.getScheme().equals("http")) {
        throw new IllegalArgumentException(
            "service " + service + ": only http endpoints are rendered, not " + endpoint);
      }
      number++;
      line("    server s" + number + " " + endpoint.getAuthority());
    }
  }

  private void line(String line) {
    text.append(line).append('\n');
  }
}
