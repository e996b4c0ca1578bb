package io.bluegreen.haproxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.bluegreen.Color;
import io.bluegreen.Router;
import io.bluegreen.RouterReport;
import io.bluegreen.RouterTruth.Known;
import io.bluegreen.TrafficSplit;
import io.bluegreen.haproxy.DisturbedSwitches.Mode;
import io.bluegreen.testing.contract.ProxyUnderTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Under whatever umask a program switches: HAProxy, which may be another user, can read its record
 * at the next start, others can't write it, and only the user that switches can lock.
 */
class UmaskOfSwitchTest {
  @ParameterizedTest(name = "{0}, umask {1}")
  @CsvSource({"MAP, 000", "MAP, 077", "SERVER, 000", "SERVER, 077"})
  void haproxyReadsItsRecordAndOthersWriteNothing(Mode mode, String umask) throws Exception {
    MapProxy map = mode == Mode.MAP ? new MapProxy(1) : null;
    ServerProxy server = mode == Mode.MAP ? null : new ServerProxy(1);
    RealHaproxy haproxy = map != null ? map.stage.haproxy : server.haproxy;
    try (ProxyUnderTest proxy = map != null ? map : server;
        Router router = proxy.router()) {
      RouterReport report = router.open(new Router.Opening(proxy.group(), Optional.empty(), 0));
      assertThat(report.warnings()).noneMatch(warning -> warning.what().contains("may open"));
      Path record = mode.scheme(proxy.group(), haproxy.dir).file().path();
      if (Files.exists(record)) {
        Files.setPosixFilePermissions(record, PosixFilePermissions.fromString("rw-rw-rw-"));
      }
      Path admin = haproxy.dir.resolve("admin.sock");
      Process program = HaltedSwitch.start(umask, mode, haproxy, admin, "never", Color.GREEN, 1);
      assertThat(program.waitFor()).describedAs(() -> haproxy.read("switch.log")).isZero();

      assertThat(mode(record)).isEqualTo("rw-r--r--");
      assertThat(mode(SwitchRun.lockOf(record))).isEqualTo("rw-------");
      proxy.restart();
      TrafficSplit green = TrafficSplit.all(proxy.group(), Color.GREEN);
      assertThat(router.current())
          .isInstanceOfSatisfying(Known.class, now -> assertThat(now.wholly(green)).isTrue());
    }
  }

  private static String mode(Path path) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }
}
