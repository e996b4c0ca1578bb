package io.bluegreen.engine;

import static io.bluegreen.Color.GREEN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bluegreen.BlueGreenManager;
import io.bluegreen.Color;
import io.bluegreen.Instance;
import io.bluegreen.Operation;
import io.bluegreen.Release;
import io.bluegreen.Service;
import io.bluegreen.Verdict;
import io.bluegreen.testing.FakeRouter;
import io.bluegreen.testing.InMemoryStateStore;
import io.bluegreen.testing.ScriptedHealthCheck;
import java.util.List;
import java.util.Optional;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Each message about a text that is refused names the argument, and nothing is changed. */
class BadInputTest {
  private static ManagerBuilder complete() {
    return BlueGreenManager.builder("shop")
        .service(Shop.web("web", 1))
        .router(new FakeRouter())
        .store(new InMemoryStateStore())
        .healthCheck(ScriptedHealthCheck.up());
  }

  private static void refused(ThrowingCallable call, String... words) {
    assertThatIllegalArgumentException().isThrownBy(call).withMessageContainingAll(words);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "", "-", "-a", "_", "_a", "A", "a b", "a/b", "..", "a.b", "a;b", "a\nb", "a\r", "a\tb",
        "a$b", "a\"b", "a{b}", "a\u0000", "ä", "a'b", "a\\b"
      })
  void nameOutsideThePattern(String name) {
    refused(() -> Service.named(name), "service:");
    refused(() -> BlueGreenManager.builder(name), "group:");
    refused(() -> complete().gate(name, context -> Verdict.passed("")), "gate:");
    refused(() -> Operation.rollback().service(name), "service:");
  }

  @Test
  void nameThatIsTooLong() {
    Service.named("a".repeat(63));
    refused(() -> Service.named("a".repeat(64)), "service:", "1 to 63");
  }

  @Test
  void unknownColour() {
    refused(() -> Color.of("purple"), "color", "blue or green", "purple");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "-1",
        "--server.port=1",
        ".1",
        "1..2",
        "../etc",
        "1/2",
        "1 2",
        "1;rm",
        "1\n2",
        "$(id)",
        "`id`",
        "1'2",
        "1\"2",
        "1{port}",
        "1\u0000",
        "v\u202e1"
      })
  void versionOutsideThePattern(String value) {
    refused(() -> Release.of(value), "version:");
    refused(
        () -> new Instance("web", Color.BLUE, 0, Optional.empty()).running(Optional.of(value)),
        "version:");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        " a",
        "a ",
        "a\nb",
        "a\rb",
        "a\tb",
        "a\u0000",
        "a\u001bb",
        "a\u2028b",
        "v\u202e1"
      })
  void attributeThatIsNotTextOnOneLine(String value) {
    refused(() -> Release.of("1").with("commit", value), "attribute commit:", "1 to 512");
  }

  @Test
  void attributesAreText() {
    for (String value :
        List.of(
            "feature/JIRA-12_x",
            "registry.example.com:5000/shop/web@sha256:9f86d081884c7d659a2f",
            "https://ci.example.com/job/7?x=1&y=2#top",
            "Größe; it's \"quoted\" $(id)",
            "a".repeat(512))) {
      assertThat(Release.of("1").with("what", value).attributes().get("what")).isEqualTo(value);
    }
    refused(() -> Release.of("1").with("what", "a".repeat(513)), "attribute what:", "1 to 512");
  }

  @Test
  void namesMayHaveAnUnderscore() {
    assertThat(Service.named("web_shop").name()).isEqualTo("web_shop");
    assertThat(Operation.rollback().service("a_b_").services()).containsExactly("a_b_");
  }

  @Test
  void attributeNameOutsideThePattern() {
    refused(() -> Release.of("1").with("Commit Id", "x"), "attribute:", "Commit Id");
  }

  @Test
  void valuesThatAreTooLong() {
    Release.of("1".repeat(128));
    refused(() -> Release.of("1".repeat(129)), "version:");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://127.0.0.1:0",
        "http://127.0.0.1:65536",
        "http://127.0.0.1",
        "127.0.0.1:80",
        "ftp://127.0.0.1:80",
        "http://127.0.0.1:80/path",
        "http://127.0.0.1:80?x=1",
        "http://user@127.0.0.1:80",
        "http://a b:80",
        "http://a_b;:80",
        "http://[fe80::1%25eth0]:80",
        "http://:80",
        ""
      })
  void invalidEndpoint(String endpoint) {
    refused(() -> Service.named("web").blue(endpoint), "service web", "blue");
  }

  @Test
  void endpointThatLooksRightSaysWhatIsWrongWithItAndShowsNoSecret() {
    refused(() -> Service.named("web").blue("http://app_1:8080"), "has no '_'", "app_1");
    refused(() -> Service.named("web").blue("http://[fe80::1%25eth0]:80"), "with a zone");
    for (String secret : List.of("http://ann:pw@a:1", "http://ann:pw@a_b:1", "http:/pw@", "x@pw")) {
      assertThatThrownBy(() -> Service.named("web").frontDoor(secret))
          .message()
          .contains("without a user")
          .doesNotContain("pw");
    }
    assertThatThrownBy(() -> Service.named("web").blue("http://a:1?token=pw"))
        .message()
        .contains("http://a:1?...")
        .doesNotContain("pw");
  }

  @Test
  void ipv6EndpointIsTaken() {
    assertThat(Service.named("web").blue("http://[::1]:80").endpoints(Color.BLUE))
        .hasToString("[http://[::1]:80]");
  }

  @Test
  void valueIsShownAsItWasGiven() {
    refused(() -> Release.of(" 1.2"), "but was \" 1.2\"");
    refused(() -> Release.of("1.2\n"), "but was \"1.2 \"");
  }

  @Test
  void textOfAPersonIsKeptBoundedAndWithoutControlCharacters() {
    Operation operation = Operation.switchTo(GREEN).by("ann\u001b[31m", "a\nb" + "c".repeat(1_000));
    assertThat(operation.by()).doesNotContain("\u001b");
    assertThat(operation.why()).hasSizeLessThanOrEqualTo(500).startsWith("a b");
  }
}
