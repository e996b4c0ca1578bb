package io.bluegreen.support;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.regex.Pattern;

/** What a message to a person never has: the insides of this library and of those that it uses. */
public final class PlainWords {
  private static final Pattern INSIDES =
      Pattern.compile(
          "Exception\\b|Error:|\\b(java|javax|jdk|sun|org\\.apache|com\\.fasterxml|io\\.undertow"
              + "|org\\.xnio|io\\.github|io\\.bluegreen)\\.[a-z]|\\[Source|REDACTED|StreamRead"
              + "|DeserializationFeature|\\bnull\\b|Invalid protocol version|@[0-9a-f]{5,}");

  private PlainWords() {}

  public static void check(String message) {
    assertThat(INSIDES.matcher(message).results().map(found -> found.group()).toList())
        .as("insides in the message \"%s\"", message)
        .isEmpty();
    assertThat(message).isNotBlank().hasSizeLessThan(1000).doesNotContain("\n");
  }
}
