package io.bluegreen.nginx;

import io.bluegreen.support.Command;
import io.bluegreen.support.Failures;
import io.bluegreen.support.Text;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Says whether a router's nginx knows the directives that count what is in flight. An older nginx,
 * or one that was built without them, refuses a configuration that has them.
 *
 * @param known whether nginx could be asked
 * @param lack why it can't count, or could not be asked; empty if it can count
 */
record FlightSupport(boolean known, Optional<FlightFault> lack) {
  private static final Duration LIMIT = Duration.ofSeconds(5);
  private static final Pattern VERSION =
      Pattern.compile("nginx version: [a-z]+/([0-9]+\\.[0-9]+\\.[0-9]+)");

  /** Asks the program of the settings, by {@code nginx -V}. */
  static FlightSupport of(NginxSettings settings) {
    if (settings.container.isPresent()) {
      return unknown("it runs in a container");
    }
    NginxProgram program = new NginxProgram(settings.versionCommand());
    try {
      Command.Result result = program.run(LIMIT);
      return result.ok() ? of(result.output()) : unknown(program.told(result));
    } catch (IOException e) {
      return unknown(Failures.reason(e));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return unknown("interrupted");
    }
  }

  /** Judges what {@code nginx -V} has printed. */
  static FlightSupport of(String printed) {
    Matcher version = VERSION.matcher(printed);
    if (!version.find()) {
      return unknown("it printed \"" + Text.clean(printed, 80) + "\"");
    }
    for (String module : new String[] {"limit_conn", "empty_gif"}) {
      if (printed.contains("--without-http_" + module + "_module")) {
        return new FlightSupport(
            true,
            FlightFault.of(
                "it was built without ngx_http_" + module + "_module, so that it can't count",
                "take an nginx that has the module, render its configuration again and reload"
                    + " it once"));
      }
    }
    return new FlightSupport(true, tooOld(NginxVersion.of("nginx/" + version.group(1))));
  }

  /** Returns why a version is too old to count; empty if it can count, or is not known. */
  static Optional<FlightFault> tooOld(NginxVersion version) {
    return version.equals(NginxVersion.UNKNOWN)
            || version.compareTo(NginxVersion.COUNTS_WITHOUT_REFUSING) >= 0
        ? Optional.empty()
        : FlightFault.of(
            "nginx " + version + " has no limit_conn_dry_run, so that it can't count",
            "take nginx "
                + NginxVersion.COUNTS_WITHOUT_REFUSING
                + " or later, render its configuration again and reload it once");
  }

  /** Returns whether nginx has told that it knows the directives. */
  boolean isProven() {
    return known && lack.isEmpty();
  }

  /**
   * Returns whether a configuration may have the directives: always, unless nginx is known to lack
   * them.
   */
  boolean isPossible() {
    return !known || lack.isEmpty();
  }

  private static FlightSupport unknown(String reason) {
    return new FlightSupport(
        false,
        FlightFault.of(
            "it is not known whether it can count, because nginx -V was not answered ("
                + reason
                + ")",
            "let this program run the nginx command with -V"));
  }
}
