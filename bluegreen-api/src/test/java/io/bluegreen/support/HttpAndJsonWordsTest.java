package io.bluegreen.support;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HttpAndJsonWordsTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"a\":1,\"a\":2} | a name stands twice in it (line 1, column 11)",
        "{} {} | there is more behind its end (line 1, column 4)",
        "{\"a\":1 | it ends too soon (line 1, column 7)",
        "<html>secret</html> | malformed (line 1, column 1)",
        "{\"a\":secret} | malformed (line 1, column ",
        "'' | empty"
      })
  void documentThatIsNoJsonIsToldWithoutTheReadersInsidesAndWithoutItsText(
      String document, String problem) {
    Throwable refused = catchThrowable(() -> Json.read(document.getBytes(StandardCharsets.UTF_8)));

    assertThat(refused).isInstanceOf(IllegalArgumentException.class);
    assertThat(refused.getMessage()).startsWith("not JSON: " + problem).doesNotContain("secret");
    PlainWords.check(refused.getMessage());
  }

  @Test
  void documentThatIsNestedTooDeepIsToldInPlainWords() {
    Throwable refused =
        catchThrowable(() -> Json.read("[".repeat(100).getBytes(StandardCharsets.UTF_8)));

    assertThat(refused.getMessage()).contains("nested too deep");
    PlainWords.check(refused.getMessage());
  }

  @ParameterizedTest
  @CsvSource({
    "301,https://ann:pw@shop.example/login?token=secret#top,'301 to https://shop.example/login, and"
        + " redirects are not followed'",
    "302,/login?token=secret,'302 to /login, and redirects are not followed'",
    "307,//ann:secret@b/c,'307 to //b/c, and redirects are not followed'",
    "304,,304",
    "200,/x,200"
  })
  void redirectTellsWhereItLeadsWithoutWhatMayBeSecret(int status, String location, String told) {
    Map<String, String> headers = location == null ? Map.of() : Map.of("location", location);

    assertThat(new HttpAnswer(status, headers, new byte[0], false, Duration.ZERO).outcome())
        .isEqualTo(told);
  }

  @Test
  void callShowsNeitherQueryNorHeadersNorBody() {
    HttpCall call = HttpCall.get("/health?token=secret").header("X-Token", "secret");

    assertThat(call).hasToString("GET /health?...");
    assertThat(catchThrowable(() -> HttpCall.get("health?token=secret")).getMessage())
        .contains("\"health?...\"")
        .doesNotContain("secret");
    assertThat(URI.create("http://h" + call.path()).getQuery()).isEqualTo("token=secret");
  }
}
