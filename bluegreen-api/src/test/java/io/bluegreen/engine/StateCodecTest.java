package io.bluegreen.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bluegreen.Release;
import io.bluegreen.StateCorruptException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class StateCodecTest {
  private final byte[] document = written();

  private static byte[] written() {
    Shop shop = Shop.web();
    shop.deploy(Release.of("1"));
    return shop.store.load().orElseThrow();
  }

  @Test
  void whatWasWrittenIsReadAndWrittenTheSame() {
    assertThat(StateCodec.write(StateCodec.read(document))).isEqualTo(document);
  }

  @Test
  void formatBeforeThisOneIsReadAndWrittenAsThisOne() {
    String text = new String(document, StandardCharsets.UTF_8);
    String former = text.replaceFirst("\"format\" : 4", "\"format\" : 3");
    assertThat(former).isNotEqualTo(text);
    StateDocument read = StateCodec.read(former.getBytes(StandardCharsets.UTF_8));
    assertThat(StateCodec.write(read)).isEqualTo(document);
    refused(former.replaceFirst("\"epoch\" : ", "\"epoch\" : 1").getBytes(StandardCharsets.UTF_8));
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
  void whatStandsBehindItOrIsLaidOutAnewIsRefused() {
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
