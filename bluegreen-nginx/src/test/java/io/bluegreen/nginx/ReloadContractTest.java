package io.bluegreen.nginx;

import io.bluegreen.Color;
import io.bluegreen.testing.contract.ProxyUnderTest;
import io.bluegreen.testing.contract.RouterContract;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;

@Tag("long")
class ReloadContractTest implements RouterContract {
  @TempDir Path temp;

  @Override
  public ProxyUnderTest startProxy() {
    Path file = NginxUnderTest.place(temp).resolve("shop.conf");
    NginxRouter router = NginxRouter.reload(file);
    return new NginxUnderTest(
        router,
        nginx -> router.nginxCommand(nginx.command()),
        (nginx, service, to) -> edit(file, nginx, service, to));
  }

  /** A reload takes a while, and the clients never pause meanwhile. */
  @Override
  public int switchesUnderLoad() {
    return 8;
  }

  private static void edit(Path file, RealNginx nginx, String service, Color to)
      throws IOException {
    String text = Files.readString(file);
    String edited =
        text.replaceAll(
            "(split_clients \"[^\"]*\" \\$bg(?:split)?_[a-z_]*_"
                + service
                + " \\{ \\* )"
                + to.other(),
            "$1" + to);
    if (edited.equals(text)) {
      throw new IOException("nothing to edit for " + service + " in " + text);
    }
    Files.writeString(file, edited);
    try {
      nginx.run("-s", "reload");
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
