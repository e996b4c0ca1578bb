package io.bluegreen.haproxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.bluegreen.RouterGuarantee;
import io.bluegreen.RouterReport;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Each line that sends requests past the weights of server mode is removed as its remedy says. */
@Tag("long")
class RemedyPastWeightsTest {
  private static final String BALANCE = "balance roundrobin";

  private static EditedHaproxy site() {
    return EditedHaproxy.server(UnaryOperator.identity());
  }

  private static void endsWell(EditedHaproxy site) {
    site.endsWell(RouterGuarantee.NO_STALE);
  }

  @Test
  void linesThatSendPastTheWeightsAreRemoved() {
    String[][] past = {
      {"cookie SRV insert indirect nocache preserve", "by a cookie"},
      {"use-server green1 if { path /new }", "use-server"},
      {"stick-table type ip size 1k\n    stick on src", "stick rule"},
      {"option prefer-last-server", "prefer-last-server"},
      {"option persist", "option persist"},
      {"force-persist if { path /old }", "force-persist"},
      {"retry-on all-retryable-errors", "repeats requests"}
    };
    String lines = Stream.of(past).map(each -> "\n    " + each[0]).collect(Collectors.joining());
    try (EditedHaproxy site = site()) {
      site.edit(config -> config.replace(BALANCE, BALANCE + lines));
      site.edit(
          config ->
              config.replace(
                  "weight 0",
                  "weight 0 slowstart 1s on-marked-down shutdown-sessions observe layer7"));
      site.started();
      RouterReport report = site.opened();
      for (String[] each : past) {
        assertThat(EditedHaproxy.warning(report, each[1]).remedy())
            .as(each[0])
            .containsAnyOf("remove this line", "remove the line", "'retry-on conn-failure'");
      }
      for (String option : List.of("slowstart", "on-marked-down", "observe")) {
        assertThat(report.warnings())
            .anyMatch(warning -> warning.remedy().contains("remove '" + option + "'"));
      }
      site.follow(config -> config.replace(lines, ""));
      site.follow(config -> config.replaceAll(" slowstart.*", ""));
      assertThat(site.opened().warnings())
          .allMatch(warning -> warning.remedy().contains("map mode, or accept it by name"));
      endsWell(site);
    }
  }

  @Test
  void ruleThatSendsEverythingToOneServerIsRemoved() {
    try (EditedHaproxy site = site()) {
      site.edit(config -> config.replace(BALANCE, BALANCE + "\n    use-server blue1 if TRUE"));
      site.started();
      assertThat(site.refused("past every weight")).startsWith("remove this line, and reload");
      site.follow(config -> config.replace("\n    use-server blue1 if TRUE", ""));
      endsWell(site);
    }
  }
}
