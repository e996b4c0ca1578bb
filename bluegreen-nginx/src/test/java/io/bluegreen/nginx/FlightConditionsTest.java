package io.bluegreen.nginx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bluegreen.Group;
import io.bluegreen.Service;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The faults that are found by reading a configuration of the user's own. */
class FlightConditionsTest {
  private final Group group =
      new Group(
          "shop",
          List.of(
              Service.named("web").blue("http://127.0.0.1:1").green("http://127.0.0.1:2"),
              Service.named("api").blue("http://127.0.0.1:3").green("http://127.0.0.1:4")));
  @TempDir Path temp;

  @Test
  void plainServerCountsAll() throws IOException {
    assertThat(fault("", "", "")).isEmpty();
    assertThat(fault("limit_req zone=a; limit_req zone=b burst=9 nodelay;", "", "")).isEmpty();
    assertThat(fault("error_page 502 /50x.html;", "auth_request /auth;", "mirror /m; ssi on;"))
        .as("one place only: whatever comes again is of the same slot")
        .isEmpty();
  }

  @Test
  void limitThatDelaysOrIsTheUsersOwnIsFoundOnEachLevel() throws IOException {
    for (String limit : List.of("limit_req zone=a burst=5;", "limit_req zone=a burst=5 delay=3;")) {
      assertThat(fault(limit, "", "").orElseThrow().what()).contains("wait before");
      assertThat(fault("", limit, "")).isPresent();
      assertThat(fault("", "", limit)).isPresent();
    }
    assertThat(fault("", "limit_conn mine 5;", "").orElseThrow().what()).contains("of your own");
    assertThat(fault("limit_conn 'mine' 5;", "", "")).isPresent();
    assertThat(fault("", "location /x { limit_conn mine 5; }", "")).isPresent();
  }

  @Test
  void directiveThatSendsRequestsToASecondPlaceInTheSameServerIsFound() throws IOException {
    String second = place("api", "green");
    assertThat(fault("", second, "")).isEmpty();
    for (String again :
        List.of(
            "auth_request /api/;",
            "mirror /api/;",
            "ssi on;",
            "slice 1m;",
            "add_after_body /api/;",
            "error_page 502 = /api/;",
            "try_files $uri /api/;",
            "proxy_cache_background_update on;")) {
      assertThat(fault("", second + again, "").orElseThrow().what()).contains("a second place");
      assertThat(fault(again, second, "")).as(again).isPresent();
    }
    assertThat(fault("ssi off; auth_request off; mirror off; slice 0;", second, "")).isEmpty();
  }

  @Test
  void placeThatIsNotCountedAsItsSlotIsFound() throws IOException {
    for (String[] change :
        new String[][] {
          {"limit_conn shop.flight-1-10m 65535; ", ""},
          {"limit_conn shop.flight-1-10m 65535; ", "limit_conn shop.flight-1-9m 65535; "},
          {"limit_conn_dry_run on; ", ""},
          {"limit_conn_dry_run on; ", "limit_conn_dry_run off; "},
          {"set $bgservice_shop api; ", ""},
          {"set $bgservice_shop api; ", "set $bgservice_shop web; "},
          {"set $bgcolor_shop green; ", ""},
          {"set $bgcolor_shop green; ", "set $bgcolor_shop blue; "},
          {
            "set $bgcolor_shop green; ",
            "set $bgcolor_shop green; if ($x) { set $bgcolor_shop blue; } "
          },
          {"http://shop.api.green", "http://shop.api.blue"},
        }) {
      String wrong = place("api", "green").replace(change[0], change[1]);
      assertThat(wrong).isNotEqualTo(place("api", "green"));
      assertThat(fault("", wrong, "").orElseThrow().remedy()).as(wrong).contains("the same lines");
    }
    assertThat(fault("", place("api", "green"), "")).isEmpty();
    assertThat(
            fault(
                "",
                "limit_conn_dry_run on; set $bgservice_shop api;"
                    + place("api", "green")
                        .replace("limit_conn_dry_run on; ", "")
                        .replace("set $bgservice_shop api; ", ""),
                ""))
        .as("it may stand further out")
        .isEmpty();
    assertThat(fault("", "", "if ($x) { proxy_pass http://shop.web.green; }")).isPresent();
  }

  @Test
  void colourThatNginxDecidesOnAgainIsNotTheOneThatWasCounted() throws IOException {
    assertThat(fault("", place("api", "$bg_shop__api"), "").orElseThrow().what())
        .contains("is not counted");
    assertThat(fault("", place("api", "$bgkept_shop__api"), "")).isEmpty();
  }

  @Test
  void upstreamThatIsNamedElsewhereMayBePassedOnToUncounted() throws IOException {
    assertThat(
            fault("", "set $up http://shop.web.blue; location /u { proxy_pass $up; }", "")
                .orElseThrow()
                .what())
        .contains("names an upstream of the group");
    assertThat(fault("map $arg_x $up { default shop.api.green; }", "", "")).isPresent();
    assertThat(
            fault(
                "upstream shop.web.blue { zone shop.web.blue 64k; server 127.0.0.1:1; }",
                "proxy_redirect http://shop.web.blue/ /; set $x myshop.web.blue; set $y"
                    + " shop.web.example;",
                ""))
        .isEmpty();
  }

  @Test
  void configurationOfOthersPassesNothingOn() throws IOException {
    Path file = temp.resolve("x");
    Files.writeString(file, "http { server { location / { proxy_pass http://other.web.blue; } } }");
    assertThat(conditions().passesOn(ConfigBlock.read(file, path -> {}))).isFalse();
    Files.writeString(file, "http { server { location / { proxy_pass http://shop.web.blue; } } }");
    assertThat(conditions().passesOn(ConfigBlock.read(file, path -> {}))).isTrue();
  }

  @Test
  void moduleThatWaitsBeforeTheCountIsFound() throws IOException {
    for (String directive :
        List.of(
            "modsecurity on;",
            "rewrite_by_lua_file a.lua;",
            "rewrite_by_lua_block { ngx.sleep(1); }")) {
      assertThat(fault("", "", directive).orElseThrow().what()).contains("wait before");
    }
    assertThat(fault("modsecurity off; modsecurity_rules_file x;", "", "access_by_lua_file a.lua;"))
        .isEmpty();
  }

  @Test
  void includedFilesAreReadAndOtherServersAreNot() throws IOException {
    Files.createDirectory(temp.resolve("sites"));
    Files.writeString(temp.resolve("sites/a.conf"), "limit_req zone=a burst=5; # }\n");
    Files.writeString(temp.resolve("sites/b.txt"), "limit_conn mine 5;");
    assertThat(fault("", "", "").isPresent()).isFalse();
    assertThat(fault("include sites/*.conf;", "", "").orElseThrow().what()).contains("limit_req");
    assertThat(fault("", "", "include " + temp + "/sites/b.txt;").orElseThrow().what())
        .contains("limit_conn mine 5");
    assertThat(
            fault("server { limit_req zone=a burst=5; location / { return 204; } }", "", "")
                .isPresent())
        .isFalse();
  }

  @Test
  void quotesBracesAndCommentsAreReadAsNginxDoes() throws IOException {
    assertThat(
            fault(
                "map \"a{b\" $x { default \"limit_conn mine 5;\"; '}' \"\\\"\"; } # limit_conn a"
                    + " 1;",
                "location ~ \"^/[0-9]{3}$\" { return 200 'a;}${x}'; }",
                "proxy_set_header X ${host}{;"))
        .isEmpty();
  }

  @Test
  void fileThatCanNotBeReadIsNamed() {
    assertThatThrownBy(() -> fault("include missing.conf;", "", ""))
        .isInstanceOf(IOException.class);
    assertThatThrownBy(() -> fault("}", "", "")).isInstanceOf(IOException.class);
  }

  /** Returns a place as it is rendered, of one colour. */
  private static String place(String service, String color) {
    return "location /%1$s/ { set $bgservice_shop %1$s; set $bgcolor_shop %2$s; limit_conn shop.flight-1-10m 65535; limit_conn_dry_run on; proxy_pass http://shop.%1$s.%2$s; }"
        .formatted(service, color);
  }

  private Optional<FlightFault> fault(Path file) throws IOException {
    return conditions().fault(ConfigBlock.read(file, path -> {}));
  }

  private FlightConditions conditions() {
    return new FlightConditions(group, FlightConfig.of(group), Set.of("$bg_shop__api"));
  }

  private Optional<FlightFault> fault(String http, String server, String location)
      throws IOException {
    Path file =
        Files.writeString(
            temp.resolve("nginx.conf"),
            """
            events { }
            http { %s
              server { %s
                location / { %s
                  set $bgservice_shop web; set $bgcolor_shop $bg_shop__web;
                  limit_conn shop.flight-1-10m 65535; limit_conn_dry_run on;
                  proxy_pass http://shop.web.$bg_shop__web;
                }
              }
            }
            """
                .formatted(http, server, location));
    return fault(file);
  }
}
