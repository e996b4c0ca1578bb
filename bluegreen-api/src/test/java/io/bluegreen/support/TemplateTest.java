package io.bluegreen.support;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TemplateTest {
  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      delimiter = '|',
      value = {
        "app-{version}.jar|app-<version>.jar",
        "{a}{b}|<a><b>",
        "{{version}}|{version}",
        "{{{version}}}|{<version>}",
        "{{\"of\":{{\"version\":\"{version}\"}}}}|{\"of\":{\"version\":\"<version>\"}}",
        "``|``",
        "}}{{|}{"
      })
  void nameInBracesStandsForAValueAndADoubledBraceForItself(String text, String filled) {
    Template template = Template.of("text", text);

    assertThat(template.fill(name -> "<" + name + ">")).isEqualTo(filled);
    assertThat(template).hasToString(text);
  }

  @Test
  void valueIsNotReadAsATemplate() {
    assertThat(Template.of("text", "{a}").fill(name -> "{b}}$1\\")).isEqualTo("{b}}$1\\");
  }

  @Test
  void saysWhichNamesItHas() {
    assertThat(Template.of("text", "{b}-{a}-{b}-{{c}}").placeholders()).containsExactly("a", "b");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"a\":{\"b\":1}}",
        "[0-9]{3}",
        "x{",
        "}x",
        "{ version }",
        "{Version}",
        "{}",
        "{a-b}",
        "{abcdefghijklmnopqrstuvwxyzabcdefg}"
      })
  void remedyForABraceThatStandsAloneGivesTheTextItself(String text) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Template.of("text", text))
        .withMessageContaining("write each brace that is text twice, {{ or }}, and");
    String written = text.replaceAll("[{}]", "$0$0");

    assertThat(Template.of("text", written).fill(name -> "wrong")).isEqualTo(text);
    assertThat(Template.literal(text)).isEqualTo(written);
  }

  @Test
  void remedyForAnUnknownPlaceholderGivesTheTextItself() {
    String text = "/orders/{id}/{version}";
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Template.of("text", text).requireKnown(Set.of("version")))
        .withMessageContaining(
            "{id} at character 9 is unknown; known are {version}; for that text itself write"
                + " {{id}}");
    String written = text.replace("{id}", "{{id}}");

    assertThat(Template.of("text", written).requireKnown(Set.of("version")).fill(name -> "1"))
        .isEqualTo("/orders/{id}/1");
  }

  @Test
  void refusalNamesTheArgumentThePlaceAndWhatThereIsAndShowsNoSecret() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Template.of("header", "s3cret {x"))
        .withMessageStartingWith(
            "header: the brace at character 8 stands alone; write each brace that")
        .withMessageNotContaining("s3cret");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Template.of("path", "s3cret {x}").requireKnown(List.of("b", "a")))
        .withMessage(
            "path: the placeholder {x} at character 8 is unknown; known are {a} {b}; for that text"
                + " itself write {{x}}");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Template.of("argv[1]", "a\0"))
        .withMessage("argv[1]: has a NUL character");
  }
}
