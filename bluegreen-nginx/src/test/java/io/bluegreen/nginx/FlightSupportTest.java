package io.bluegreen.nginx;

import static org.assertj.core.api.Assertions.assertThat;

import io.bluegreen.Color;
import io.bluegreen.InFlight;
import io.bluegreen.RouterGuarantee;
import io.bluegreen.RouterReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An nginx that is too old to count, or was built without what that needs, works without it. */
@Tag("long")
class FlightSupportTest {
  private static final String TOO_OLD =
      "nginx version: nginx/1.16.1\nconfigure arguments: --with-http_ssl_module";
  private static final String WITHOUT =
      "nginx version: nginx/1.22.1\nconfigure arguments: --without-http_empty_gif_module";

  @TempDir Path temp;
  private NginxShop shop;

  @BeforeEach
  void startShop() throws IOException {
    RealNginx.open(temp);
    shop = new NginxShop("web");
  }

  @AfterEach
  void stopShop() throws IOException {
    shop.close();
  }

  @Test
  void versionThatNginxPrintsIsJudged() {
    assertThat(lack("nginx version: nginx/1.22.1\nbuilt with OpenSSL")).isEmpty();
    assertThat(lack("nginx version: nginx/1.17.6 (Ubuntu)")).isEmpty();
    assertThat(lack("nginx version: openresty/1.25.3.1")).isEmpty();
    assertThat(lack("Tengine version: Tengine/2.3.3\nnginx version: nginx/1.18.0")).isEmpty();
    assertThat(lack("nginx version: nginx/1.17.5")).contains("1.17.5 has no limit_conn_dry_run");
    assertThat(lack(TOO_OLD)).contains("1.16.1 has no limit_conn_dry_run");
    assertThat(lack(WITHOUT)).contains("without ngx_http_empty_gif_module");
    assertThat(lack("nginx version: nginx/1.22.1 --without-http_limit_conn_module"))
        .contains("without ngx_http_limit_conn_module");
    assertThat(FlightSupport.of("sudo: a password is required").known()).isFalse();
    assertThat(lack("sudo: a password is required")).contains("a password is required");
  }

  @Test
  void programThatCanNotBeRunIsNotTakenForAnNginxThatLacksSomething() {
    FlightSupport none =
        FlightSupport.of(NginxSettings.live(temp).nginxCommand(List.of("/nowhere/nginx")));
    assertThat(none.known()).isFalse();
    assertThat(none.isPossible()).isTrue();
    assertThat(none.isProven()).isFalse();
  }

  @Test
  void liveModeOfAnOldNginxWorksAndSaysWhyItDoesNotCount() throws Exception {
    NginxRouter router = NginxRouter.live(temp.resolve("state")).nginxCommand(told(TOO_OLD));
    Path conf = router.renderConfig(shop.group).write();
    assertThat(conf).content().doesNotContain("limit_conn", "empty_gif", "flight");
    RealNginx nginx = new RealNginx(conf);
    try {
      assertThat(lack(router.open(shop.opening())))
          .contains("nginx 1.16.1 has no limit_conn_dry_run")
          .contains("take nginx 1.17.6 or later");
      router.apply(shop.to(router, shop.all(Color.GREEN)));
      shop.assertServes(Color.GREEN);
      assertThat(router.inFlight(shop.group.slot("web", Color.BLUE))).isEqualTo(InFlight.UNKNOWN);
    } finally {
      router.close();
      nginx.close();
    }
  }

  @Test
  void reloadModeGivesAnNginxNothingThatItWouldRefuse() throws Exception {
    Path file = temp.resolve("conf/shop.conf");
    NginxRouter described = NginxRouter.reload(file).preview("X-Preview", "127.0.0.1");
    RealNginx nginx =
        new RealNginx(described.nginxCommand(told(WITHOUT)).renderConfig(shop.group).write());
    NginxRouter router = described.nginxCommand(told(WITHOUT, temp.resolve("conf/nginx.conf")));
    try {
      assertThat(lack(router.open(shop.opening())))
          .contains("without ngx_http_empty_gif_module")
          .contains("preview");
      router.apply(shop.to(router, shop.all(Color.GREEN)));
      shop.assertServes(Color.GREEN);
      assertThat(file).content().doesNotContain("limit_conn", "empty_gif", "flight");
    } finally {
      router.close();
      nginx.close();
    }
  }

  @Test
  void reloadModeThatCanNotAskKeepsTheLinesThatNginxHasTakenAndAddsNone() throws Exception {
    for (List<String> asked : List.of(told("?"), told(TOO_OLD))) {
      Path file = RealNginx.open(Files.createTempDirectory(temp, "c")).resolve("shop.conf");
      RealNginx nginx =
          new RealNginx(
              NginxRouter.reload(file).nginxCommand(asked).renderConfig(shop.group).write());
      boolean counting = Files.readString(file).contains("limit_conn_zone");
      assertThat(counting).isEqualTo(asked.equals(told("?")));
      Path conf = file.resolveSibling("nginx.conf");
      NginxRouter router = NginxRouter.reload(file).nginxCommand(told("?", conf));
      try {
        RouterReport report = router.open(shop.opening());
        assertThat(report.guarantees()).contains(RouterGuarantee.DRAIN_KNOWN);
        router.apply(shop.to(router, shop.all(Color.GREEN)));
        assertThat(Files.readString(file).contains("limit_conn_zone")).isEqualTo(counting);
        assertThat(report.warnings().toString().contains("nginx -V was not answered"))
            .isEqualTo(!counting);
      } finally {
        router.close();
        nginx.close();
      }
    }
  }

  private static String lack(String printed) {
    return FlightSupport.of(printed).lack().map(FlightFault::what).orElse("");
  }

  private static String lack(RouterReport report) {
    assertThat(report.guarantees()).doesNotContain(RouterGuarantee.DRAIN_KNOWN);
    return report.warnings().stream()
        .filter(warning -> warning.costs().equals(Optional.of(RouterGuarantee.DRAIN_KNOWN)))
        .map(warning -> warning.what() + " | " + warning.remedy())
        .findFirst()
        .orElseThrow();
  }

  /** Returns a program that prints this when it is asked for its version; else it is nginx. */
  private List<String> told(String printed) throws IOException {
    Path program = temp.resolve("nginx-" + Math.abs(printed.hashCode()));
    Files.writeString(
        program,
        "#!/bin/sh\nfor word; do last=$word; done\n[ \"$last\" = -V ] || exec nginx \"$@\"\n"
            + "cat >&2 <<'END'\n"
            + printed
            + "\nEND\n");
    Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
    return List.of(program.toString());
  }

  private List<String> told(String printed, Path conf) throws IOException {
    List<String> argv = new ArrayList<>(told(printed));
    argv.addAll(RealNginx.command(conf).subList(1, 5));
    return argv;
  }
}
