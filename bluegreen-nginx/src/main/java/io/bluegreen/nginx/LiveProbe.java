package io.bluegreen.nginx;

import io.bluegreen.Color;
import io.bluegreen.Service;
import io.bluegreen.TrafficSplit;
import io.bluegreen.support.FileMode;
import io.bluegreen.support.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Asks the server of one service what it sees of the state directory, with a file that is created
 * and one that is deleted meanwhile. All requests go by one connection, and so to one worker: each
 * worker has a cache of its own.
 */
final class LiveProbe {
  /** A cache may keep a file only after it was asked for several times. */
  private static final int USES = 10;

  private final NginxSettings settings;
  private final LiveConfig config;
  private final Service service;
  private final StatusSession session;

  LiveProbe(NginxSettings settings, LiveConfig config, Service service, StatusSession session) {
    this.settings = settings;
    this.config = config;
    this.service = service;
    this.session = session;
  }

  /**
   * Checks the server.
   *
   * @throws IOException if nginx does not answer
   * @throws io.bluegreen.RouterException if a switch would have no effect on this service
   */
  void check(TrafficSplit durable) throws IOException {
    String coming = name();
    Json first = ask(coming);
    identity(first, durable);
    String going = name();
    create(going);
    try {
      if (!sees(going)) {
        throw NginxRefusal.of(
            "the server of " + service + " does not see the files in " + settings.home,
            SharedFolderCheck.remedy(settings));
      }
      create(coming);
      if (!sees(coming)) {
        throw cached("still misses a file that is there");
      }
      page(going, USES);
      Files.delete(path(going));
      if (sees(going)) {
        throw cached("still sees a file that is gone");
      }
    } finally {
      Files.deleteIfExists(path(coming));
      Files.deleteIfExists(path(going));
    }
  }

  private void identity(Json page, TrafficSplit durable) {
    if (!text(page, "config").equals(config.digest())) {
      throw NginxRefusal.of(
          "nginx was told other services or addresses for " + service + " than the group names",
          "render the configuration again, and reload nginx once");
    }
    boolean other =
        durable
            .sole(service.name())
            .filter(color -> !Color.of(text(page, "color")).equals(color))
            .isPresent();
    if (other) {
      throw NginxRefusal.of(
          "the server of "
              + service
              + " decides "
              + text(page, "color")
              + " where "
              + settings.home
              + " says "
              + durable,
          SharedFolderCheck.remedy(settings));
    }
  }

  private boolean sees(String file) throws IOException {
    return text(ask(file), "sees").equals("yes");
  }

  private Json ask(String file) throws IOException {
    StatusAnswer answer = page(file, 1);
    try {
      Json page = Json.read(answer.body().getBytes(StandardCharsets.UTF_8));
      if (answer.ok() && text(page, "service").equals(service.name())) {
        return page;
      }
    } catch (IllegalArgumentException notOurs) {
      throw unknown(answer);
    }
    throw unknown(answer);
  }

  /** Asks several times in one go, and returns the first answer. */
  private StatusAnswer page(String file, int times) throws IOException {
    StatusRequest question =
        new StatusRequest(LiveConfig.PROBE + "?file=" + file, config.names().host(service));
    return session.ask(Collections.nCopies(times, question)).get(0);
  }

  private RuntimeException unknown(StatusAnswer answer) {
    return NginxRefusal.of(
        "no server of nginx answers for "
            + service
            + " at "
            + settings.door()
            + " (HTTP "
            + answer.status()
            + ")",
        "use the server block that renderConfig(group) renders for it");
  }

  private RuntimeException cached(String what) {
    return NginxRefusal.of(
        "the server of " + service + " " + what + ": it has an open_file_cache",
        "set open_file_cache off in the server block of " + service);
  }

  private void create(String file) throws IOException {
    try {
      FileMode.READABLE.createFile(path(file));
    } catch (AccessDeniedException e) {
      throw NginxRefusal.of(
          "this program may not write to " + settings.home, "give the directory to its user");
    }
  }

  private Path path(String file) {
    return settings.home.resolve(LiveDirectory.PROBE + file);
  }

  private static String name() {
    return "%016x".formatted(ThreadLocalRandom.current().nextLong());
  }

  private static String text(Json page, String member) {
    return page.at("/" + member).flatMap(Json::text).orElse("");
  }
}
