package io.bluegreen.nginx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bluegreen.Group;
import io.bluegreen.Service;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which networks may be given to the preview header: those that nginx takes as networks. */
class PreviewNetworksTest {
  @TempDir Path temp;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "999.1.1.1/99",
        "999.1.1.1",
        "256.0.0.1",
        "10.0.0",
        "10.0.0.0.0",
        "010.0.0.1",
        "10.0.0.0/33",
        "10.0.0.0/08",
        "10.0.0.0/",
        "10.0.0.0/8/8",
        "10.0.0.0/0",
        "10.0.0.1-10.0.0.9",
        "::/999",
        "::/129",
        "::/0",
        "1::2::3",
        ":::",
        ":",
        "1:2:3:4:5:6:7:8:9",
        "12345::",
        "fe80::1%eth0",
        "[::1]",
        "face",
        "localhost",
        "example.com",
        "default",
        "ranges",
        "delete",
        "proxy",
        "include",
        "unix:"
      })
  void textThatIsNoNetworkIsRefused(String text) {
    assertThatThrownBy(() -> NginxRouter.live(temp.resolve("state")).preview("X-Bluegreen", text))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(
            () -> NginxRouter.live(temp.resolve("state")).preview("X-Bluegreen", "::1", text))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void networksAreAcceptedHereAndByNginx() throws Exception {
    NginxRouter router =
        NginxRouter.live(temp.resolve("other"))
            .preview("X-Bluegreen", "127.0.0.1", "10.0.0.0/8", "255.255.255.255/32", "::1")
            .preview("X-Bluegreen", "0.0.0.0/1", "fd00::/8", "2001:db8:0:0:0:0:0:1/128", "1::/1");
    Service service =
        Service.named("web")
            .blue("http://127.0.0.1:1")
            .green("http://127.0.0.1:2")
            .frontDoor("http://127.0.0.1:3");
    Path conf = router.renderConfig(new Group("shop", List.of(service))).write();
    List<String> argv = new ArrayList<>(RealNginx.command(conf));
    argv.add("-t");
    assertThat(
            new ProcessBuilder(argv)
                .redirectErrorStream(true)
                .redirectOutput(temp.resolve("output").toFile())
                .start()
                .waitFor())
        .isZero();
  }
}
