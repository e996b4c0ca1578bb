package io.bluegreen.launch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bluegreen.Color;
import io.bluegreen.LaunchException;
import io.bluegreen.Release;
import io.bluegreen.Service;
import io.bluegreen.Slot;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An attribute is any text on one line; an argument of a program is not. */
class PlaceholderValuesTest {
  private static final Slot SLOT =
      new Slot(
          "shop",
          Service.named("web_a").blue("http://127.0.0.1:5005").green("http://127.0.0.1:5006"),
          Color.BLUE);

  private static PlaceholderValues values(String what) {
    return PlaceholderValues.of(SLOT).with(Release.of("1.4.2").with("what", what));
  }

  private static List<String> argv(String what, String template) {
    return ArgvTemplate.of("argv", List.of("run", template)).texts(values(what));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "9f3c2e1",
        "feature/JIRA-12_x",
        "registry.example.com:5000/shop/web@sha256:9f86d081884c7d659a2f",
        "https://ci.example.com/job/7",
        "sha256:9f86d081",
        "2026-11-30T10:15:30+01:00",
        "key=value==",
        "a"
      })
  void imagesBranchesUrlsAndDigestsBecomeArguments(String what) {
    assertThat(argv(what, "{what}")).containsExactly("run", what);
    assertThat(argv(what, "--x={what}")).containsExactly("run", "--x=" + what);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "-rf",
        "--config=/etc/passwd",
        "+x",
        "@/etc/passwd",
        "=x",
        "/etc/passwd",
        ".",
        "..",
        "./x",
        "../x",
        "a/../../etc",
        "a/..",
        "a/.",
        "a/./b",
        "a..b",
        "a/",
        "~root",
        "a b",
        "a;reboot",
        "a|b",
        "a&b",
        "a>b",
        "a$HOME",
        "$(id)",
        "a`id`",
        "a'b",
        "a\"b",
        "a\\b",
        "a*",
        "a?b",
        "a[1]",
        "a{b,c}",
        "a#b",
        "a!b",
        "a%b",
        "a(b)",
        "\u00e4"
      })
  void hostileTextBecomesNoArgumentAndNothingIsStarted(String what) {
    for (String template : List.of("{what}", "--x={what}", "/apps/{what}/run")) {
      assertThatThrownBy(() -> argv(what, template))
          .isInstanceOf(LaunchException.class)
          .hasMessageContainingAll("{what}", "environment(...)", "Nothing was started.");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"-rf", "https://x/?a=1&b=2", "it's $(id); \"x\"", "\u00e4", "/etc"})
  void anyTextBecomesTheValueOfAVariable(String what) {
    ChildEnvironment environment = ChildEnvironment.inheriting(List.of()).with("WHAT", "<{what}>");
    assertThat(environment.fill(Map.of(), values(what), Map.of()))
        .containsEntry("WHAT", "<" + what + ">");
    assertThat(argv(what, "{service}-{version}.jar")).containsExactly("run", "web_a-1.4.2.jar");
  }
}
