package io.bluegreen.health;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.bluegreen.Health;
import io.bluegreen.support.Command;
import io.bluegreen.support.RawServer;
import java.io.InputStream;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class HttpHealthCheckTlsTest {
  private static final char[] PASSWORD = "changeit".toCharArray();

  @TempDir private static Path directory;
  private static KeyStore byAddress;
  private static KeyStore byName;

  private final List<HttpHealthCheck> checks = new ArrayList<>();

  @BeforeAll
  static void makeCertificates() throws Exception {
    byAddress = certificate("address", "SAN=ip:127.0.0.1");
    byName = certificate("name", "SAN=dns:shop.example");
  }

  @AfterEach
  void close() {
    checks.forEach(HttpHealthCheck::close);
  }

  @Test
  void certificateThatWasNamedIsTrusted() throws Exception {
    try (RawServer server = server(byAddress)) {
      assertThat(probe(check().trust(pem("address")), server).toString()).startsWith("UP");
    }
  }

  @Test
  void certificateThatTheJvmDoesNotKnowIsNotTrusted() throws Exception {
    try (RawServer server = server(byAddress)) {
      assertThat(probe(check(), server).toString()).startsWith("DOWN").contains("PKIX");
      assertThat(server.heads()).isEmpty();
    }
  }

  @Test
  void otherCertificateThanThoseNamedIsNotTrusted() throws Exception {
    try (RawServer server = server(byAddress)) {
      assertThat(probe(check().trust(pem("name")), server).up()).isFalse();
      assertThat(server.heads()).isEmpty();
    }
  }

  @Test
  void nameInTheCertificateIsVerified() throws Exception {
    try (RawServer server = server(byName)) {
      assertThat(probe(check().trust(pem("name")), server).toString())
          .startsWith("DOWN")
          .contains("127.0.0.1");
      assertThat(probe(check().trust(pem("name")).host("other.example"), server).up()).isFalse();
      assertThat(server.heads()).isEmpty();
    }
  }

  @Test
  void hostThatWasSetIsAskedForByNameAndVerified() throws Exception {
    List<SNIServerName> asked = new ArrayList<>();
    try (RawServer server =
        RawServer.on(
            context(byName)
                .getServerSocketFactory()
                .createServerSocket(0, 100, InetAddress.getByName("127.0.0.1")),
            (socket, out) -> {
              asked.addAll(
                  ((ExtendedSSLSession) ((SSLSocket) socket).getSession())
                      .getRequestedServerNames());
              out.write(RawServer.response("200 OK", "", "").getBytes("UTF-8"));
            })) {
      assertThat(probe(check().trust(pem("name")).host("shop.example"), server).up()).isTrue();
      assertThat(asked).hasToString("[type=host_name (0), value=shop.example]");
      assertThat(server.heads().get(0)).contains("\r\nHost: shop.example\r\n");
    }
  }

  @Test
  void serverThatSpeaksNoTlsIsDown() throws Exception {
    try (RawServer server =
        RawServer.mute((socket, out) -> out.write("HTTP/1.1 400 Bad\r\n\r\n".getBytes("UTF-8")))) {
      assertThat(probe(check(), server).up()).isFalse();
    }
  }

  @Test
  void fileWithoutACertificateIsRefused() throws Exception {
    Path text = Files.writeString(directory.resolve("text.pem"), "no certificate");
    Path empty = Files.writeString(directory.resolve("empty.pem"), "");

    for (Path file : List.of(text, empty, directory.resolve("missing.pem"), directory)) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> HttpHealthCheck.get("/").trust(file))
          .withMessageStartingWith("trust: " + file);
    }
  }

  private static HttpHealthCheck check() {
    return HttpHealthCheck.get("/health");
  }

  private Health probe(HttpHealthCheck check, RawServer server) throws Exception {
    checks.add(check);
    return check.probe(HttpProbes.at(server.uri("https"))).get();
  }

  private static RawServer server(KeyStore keys) throws Exception {
    return RawServer.on(
        context(keys)
            .getServerSocketFactory()
            .createServerSocket(0, 100, InetAddress.getByName("127.0.0.1")),
        (socket, out) -> out.write(RawServer.response("200 OK", "", "").getBytes("UTF-8")));
  }

  private static SSLContext context(KeyStore keys) throws Exception {
    KeyManagerFactory factory =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    factory.init(keys, PASSWORD);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(factory.getKeyManagers(), null, null);
    return context;
  }

  private static Path pem(String name) {
    return directory.resolve(name + ".pem");
  }

  private static KeyStore certificate(String name, String alternative) throws Exception {
    Path file = directory.resolve(name + ".p12");
    String store = file.toString();
    keytool(
        "-genkeypair",
        "-alias",
        name,
        "-keyalg",
        "EC",
        "-dname",
        "CN=" + name,
        "-ext",
        alternative,
        "-storetype",
        "PKCS12",
        "-keystore",
        store,
        "-storepass",
        "changeit");
    keytool(
        "-exportcert",
        "-rfc",
        "-alias",
        name,
        "-keystore",
        store,
        "-storepass",
        "changeit",
        "-file",
        pem(name).toString());
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(file)) {
      keys.load(in, PASSWORD);
    }
    return keys;
  }

  private static void keytool(String... arguments) throws Exception {
    List<String> argv = new ArrayList<>();
    argv.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
    argv.addAll(List.of(arguments));
    assertThat(Command.of(argv).run(Duration.ofMinutes(1))).matches(Command.Result::ok);
  }
}
