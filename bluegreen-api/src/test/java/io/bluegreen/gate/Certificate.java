package io.bluegreen.gate;

import static org.assertj.core.api.Assertions.assertThat;

import io.bluegreen.support.Command;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.Base64;
import java.util.List;

/** A key of a server at 127.0.0.1, and the certificate that it has signed itself. */
record Certificate(Path key, Path certificate) {
  private static final String PASSWORD = "changeit";

  static Certificate in(Path directory) throws Exception {
    Path store = directory.resolve("server.p12");
    List<String> argv =
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
            "-genkeypair",
            "-alias",
            "server",
            "-keyalg",
            "EC",
            "-dname",
            "CN=server",
            "-ext",
            "SAN=ip:127.0.0.1",
            "-storetype",
            "PKCS12",
            "-keystore",
            store.toString(),
            "-storepass",
            PASSWORD);
    assertThat(Command.of(argv).run(Duration.ofMinutes(1))).matches(Command.Result::ok);
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(store)) {
      keys.load(in, PASSWORD.toCharArray());
    }
    return new Certificate(
        pem(
            directory.resolve("server.key"),
            "PRIVATE KEY",
            keys.getKey("server", PASSWORD.toCharArray()).getEncoded()),
        pem(
            directory.resolve("server.crt"),
            "CERTIFICATE",
            keys.getCertificate("server").getEncoded()));
  }

  private static Path pem(Path file, String type, byte[] content) throws Exception {
    String text = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(content);
    return Files.writeString(
        file, "-----BEGIN " + type + "-----\n" + text + "\n-----END " + type + "-----\n");
  }
}
