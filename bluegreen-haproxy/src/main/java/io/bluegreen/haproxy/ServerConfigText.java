package io.bluegreen.haproxy;

import io.bluegreen.Color;
import io.bluegreen.Group;
import io.bluegreen.Service;
import java.net.URI;

/** Writes a configuration for server mode, in the form that existing ones mostly have. */
final class ServerConfigText {
  private final Group group;
  private final HaproxySettings settings;
  private final RenderOptions options;
  private final StringBuilder text = new StringBuilder();

  ServerConfigText(Group group, HaproxySettings settings, RenderOptions options) {
    if (options.stickyCookie != null) {
      throw new IllegalArgumentException("stickyCookie: weights know no cohorts; use map mode");
    }
    this.group = settings.seen(group);
    this.settings = settings;
    this.options = options;
  }

  RenderedHaproxy render() {
    text.append(
        ConfigText.head(group, settings, options)
            .replace(
                "    hard-stop-after",
                "    server-state-file " + settings.file().loaded() + "\n    hard-stop-after")
            .replace("    mode http\n", "    mode http\n    load-server-state-from-file global\n"));
    for (Service service : group.routed()) {
      frontend(service);
      backend(service);
      for (Color color : Color.values()) {
        if (options.asksByName()) {
          text.append(ConfigText.asked(service, color, service.name(), color.label()));
        }
      }
    }
    options.direct.forEach(direct -> text.append(ConfigText.direct(group, direct, options)));
    return new RenderedHaproxy(text.toString(), "");
  }

  private void frontend(Service service) {
    text.append("\nfrontend front_").append(service.name()).append('\n');
    text.append("    bind ").append(ConfigText.door(service)).append('\n');
    text.append(ConfigText.WEBSOCKET_ONLY).append(ConfigText.origin(options));
    options.preview().ifPresent(p -> text.append(ConfigText.preview(service.name(), p)));
    text.append("    default_backend ").append(service.name()).append('\n');
  }

  private void backend(Service service) {
    text.append("\nbackend ").append(service.name()).append("\n    balance roundrobin\n");
    if (options.healthPath != null) {
      text.append("    option httpchk GET ").append(options.healthPath).append('\n');
    }
    for (Color color : Color.values()) {
      int number = 0;
      for (URI endpoint : service.endpoints(color)) {
        number++;
        text.append("    server ").append(color.label()).append(number).append(' ');
        text.append(ConfigText.http(service, endpoint));
        text.append(color == Color.BLUE ? " weight 100\n" : " weight 0\n");
      }
    }
  }
}
