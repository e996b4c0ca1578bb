package io.bluegreen.nginx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bluegreen.Color;
import io.bluegreen.RouterException;
import io.bluegreen.Switch;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Commands, pid files and limits with which a reload does not do what it should; each time the
 * former colour goes on serving.
 */
@Tag("long")
class ReloadCommandTest {
  @TempDir Path temp;
  private ReloadScene scene;
  private Path home;
  private NginxShop shop;
  private NginxRouter router;

  @BeforeEach
  void startNginxAndServeBlue() throws Exception {
    scene = new ReloadScene(temp);
    home = scene.home;
    shop = scene.shop;
    router = scene.router;
  }

  @AfterEach
  void stopNginx() throws Exception {
    router.close();
    scene.close();
  }

  @Test
  void missingPidFileFailsTheSwitch() throws Exception {
    Path pid = home.resolve("nginx.pid");
    byte[] kept = Files.readAllBytes(pid);
    Files.delete(pid);
    // nginx -t makes an empty one where there is none.
    scene.fails(router, "nginx.pid");
    Files.write(pid, kept);
    scene.works(router);
  }

  @Test
  void stalePidFileFailsTheSwitch() throws Exception {
    Path pid = home.resolve("nginx.pid");
    byte[] kept = Files.readAllBytes(pid);
    Files.writeString(pid, "4194303\n");
    scene.fails(router, "No such process");
    Files.write(pid, kept);
    scene.works(router);
  }

  @Test
  void emptyPidFileFailsTheSwitch() throws Exception {
    Path pid = home.resolve("nginx.pid");
    byte[] kept = Files.readAllBytes(pid);
    Files.write(pid, new byte[0]);
    scene.fails(router, "invalid PID number");
    Files.write(pid, kept);
    scene.works(router);
  }

  @Test
  void reloadCommandThatDoesNothingFailsTheSwitch() {
    NginxRouter idle = router.reloadCommand("true");
    idle.open(shop.opening());
    assertThatThrownBy(
            () ->
                idle.apply(
                    new Switch(
                        shop.all(Color.BLUE),
                        shop.all(Color.GREEN),
                        9,
                        "d",
                        1,
                        Duration.ofSeconds(3))))
        .isInstanceOf(RouterException.class)
        .hasMessageContaining("was not proven within ");
    scene.assertBlue(router);
    scene.works(router);
    idle.close();
  }

  @Test
  void missingCommandFailsTheSwitch() {
    NginxRouter without = router.testCommand("/no/such/program");
    without.open(shop.opening());
    scene.fails(without, "/no/such/program");
    scene.works(router);
  }

  @Test
  void environmentVariableOfNginxIsStripped() {
    NginxRouter asking = router.testCommand("sh", "-c", "test -z \"$NGINX\"");
    asking.open(shop.opening());
    scene.works(asking);
  }

  /** Time that one part has used is not there for the next. */
  @Test
  void testReloadAndProofHaveOneLimit() {
    NginxRouter slow =
        router.testCommand("sleep", "0.4").reloadCommand("sh", "-c", "exec sleep 1.9");
    slow.open(shop.opening());
    Switch change =
        new Switch(
            shop.all(Color.BLUE), shop.all(Color.GREEN), 9, "d", 1, Duration.ofMillis(2_000));
    assertThatThrownBy(() -> slow.apply(change))
        .hasMessageContaining("no reload by \"sh -c exec sleep 1.9\": killed at its deadline");
    scene.assertBlue(router);
    scene.works(router);
    slow.close();
  }

  @Test
  void longestLimitIsALimitToo() {
    router.apply(
        new Switch(shop.all(Color.BLUE), shop.all(Color.GREEN), 9, "d", 1, Duration.ofDays(365)));
    assertThat(scene.ask()).isEqualTo("green");
  }

  @Test
  void limitBelowTheTimeThatFormerWorkersMayServeIsRefusedBeforeAnythingIsWritten()
      throws Exception {
    NginxRouter keeping = router.keepaliveMinTimeout(Duration.ofSeconds(20));
    keeping.open(shop.opening());
    Path generated = home.resolve("shop.conf");
    String before = Files.readString(generated);
    scene.fails(keeping, "by keepalive_min_timeout former workers may serve for 20 s");
    assertThat(Files.readString(generated)).isEqualTo(before);
    scene.works(router);
    keeping.close();
  }
}
