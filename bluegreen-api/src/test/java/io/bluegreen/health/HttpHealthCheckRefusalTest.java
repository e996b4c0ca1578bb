package io.bluegreen.health;

import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HttpHealthCheckRefusalTest {
  private static final HttpHealthCheck CHECK = HttpHealthCheck.get("/health");

  @Test
  void unknownPlaceholderIsRefusedWithTheRemedyAndWithoutTheText() {
    refuses("path: has a NUL character", () -> HttpHealthCheck.get("/\0"));
    refuses("path: the brace at character 4", () -> HttpHealthCheck.get("/a?{secret"));
    refuses("path: the placeholder {id} at character 4", () -> HttpHealthCheck.get("/a/{id}"));
    refuses("value: the brace at", () -> CHECK.header("A", "{"));
    refuses("value: the placeholder {verison}", () -> CHECK.expectJson("/a", "{verison}"));
    refuses("value: the brace at", () -> CHECK.expectHeader("A", "}"));
    refuses("text: the brace at", () -> CHECK.expectText("{\"a\":1}"));
    refuses(
        "regex: the brace at character 6 stands alone; write each brace that is text twice",
        () -> CHECK.expectBody("[0-9]{3}"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "health",
        "//evil.example/",
        "/a b",
        "/a\r\nX: y",
        "/a#b",
        "/ü",
        "http://a/b",
        "/%zz"
      })
  void malformedPathIsRefused(String path) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> HttpHealthCheck.get(path))
        .withMessageStartingWith("path: expected a path such as /health");
  }

  @Test
  void otherMalformedOptionsAreRefusedByName() {
    refuses("method", () -> CHECK.method("get"));
    refuses("method", () -> CHECK.method("GET / HTTP/1.1\r\nX:"));
    refuses("header", () -> CHECK.header("X Y", "z"));
    refuses("header X", () -> CHECK.header("X", "a\r\nY: b"));
    refuses("header: Host", () -> CHECK.header("Host", "a"));
    refuses("header: connection", () -> CHECK.header("connection", "keep-alive"));
    refuses("host", () -> CHECK.host("a b"));
    refuses(
        "host: expected a name or a name:port, but was \"app_1:8080\"; a host's name has no '_'",
        () -> CHECK.host("app_1:8080"));
    refuses("status", () -> CHECK.expectStatus());
    refuses("status", () -> CHECK.expectStatus(99));
    refuses("pointer", () -> CHECK.expectJson("status", "UP"));
    refuses("regex", () -> CHECK.expectBody("("));
    refuses("limit", () -> CHECK.answerWithin(Duration.ZERO));
    refuses("most", () -> CHECK.inFlight(0));
  }

  private static void refuses(String argument, Runnable misuse) {
    assertThatIllegalArgumentException().isThrownBy(misuse::run).withMessageStartingWith(argument);
  }
}
