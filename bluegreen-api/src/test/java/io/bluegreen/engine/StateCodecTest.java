package io.bluegreen.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bluegreen.Release;
import io.bluegreen.StateCorruptException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StateCodecTest {
  private final byte[] document = written();

  private static byte[] written() {
    Shop shop = Shop.web();
    shop.deploy(Release.of("1"));
    return shop.store.load().orElseThrow();
  }

  @Test
  void documentIsReadAsItWasWrittenAndWrittenTheSame() {
    assertThat(StateCodec.write(StateCodec.read(document))).isEqualTo(document);
  }

  /** In some countries numbers are written with other digits. */
  @ParameterizedTest
  @ValueSource(strings = {"ar-EG", "fa-IR", "hi-IN-u-nu-deva"})
  void documentIsTheSameInEveryLocale(String locale) {
    Locale before = Locale.getDefault();
    Locale.setDefault(Locale.forLanguageTag(locale));
    try {
      assertThat(StateCodec.write(StateCodec.read(document))).isEqualTo(document);
    } finally {
      Locale.setDefault(before);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"state-format-4.json", "state-format-4-open.json"})
  void documentOfAnEarlierFormatIsReadAndWrittenAsThisOne(String name) throws Exception {
    for (int format : List.of(4, 3)) {
      String former =
          new String(resource(name), StandardCharsets.UTF_8)
              .replaceFirst("\"format\" : 4", "\"format\" : " + format);
      byte[] written = StateCodec.write(StateCodec.read(former.getBytes(StandardCharsets.UTF_8)));
      assertThat(new String(written, StandardCharsets.UTF_8)).startsWith("{\n\"format\" : 5,");
      assertThat(StateCodec.write(StateCodec.read(written))).isEqualTo(written);
      refused(
          former.replaceFirst("\"epoch\" : ", "\"epoch\" : 1").getBytes(StandardCharsets.UTF_8));
    }
  }

  private static byte[] resource(String name) throws IOException {
    try (InputStream in = StateCodecTest.class.getResourceAsStream(name)) {
      return Objects.requireNonNull(in, name).readAllBytes();
    }
  }

  /** The library wrote such a document before explicit rollbacks had an outcome of their own. */
  @Test
  void rollbackInTheHistoryOfFormat4WentBackAndFailedDeploymentsWereRolledBack() throws Exception {
    StateDocument read = StateCodec.read(resource("state-format-4.json"));
    assertThat(read.history)
        .extracting(past -> past.operation() + " " + past.outcome())
        .containsExactly(
            "deploy 3 ROLLED_BACK", "rollback WENT_BACK", "deploy 2 PROMOTED", "deploy 1 PROMOTED");
    assertThat(StateCodec.read(StateCodec.write(read)).history).isEqualTo(read.history);
  }

  @Test
  void everyCutAndEveryFlippedBitIsRefused() {
    for (int i = 0; i < document.length; i++) {
      refused(Arrays.copyOf(document, i));
      for (int bit = 1; bit < 256; bit <<= 1) {
        byte[] flipped = document.clone();
        flipped[i] = (byte) (flipped[i] ^ bit);
        refused(flipped);
      }
    }
  }

  @Test
  void bytesBehindTheDocumentOrAnotherLayoutAreRefused() {
    String text = new String(document, StandardCharsets.UTF_8);
    refused((text + "\n").getBytes(StandardCharsets.UTF_8));
    refused((text + text).getBytes(StandardCharsets.UTF_8));
    refused(text.replace("\n", "\r\n").getBytes(StandardCharsets.UTF_8));
    refused("null".getBytes(StandardCharsets.UTF_8));
  }

  private static void refused(byte[] bytes) {
    assertThatThrownBy(() -> StateCodec.read(bytes)).isInstanceOf(StateCorruptException.class);
  }
}
