package io.bluegreen.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bluegreen.Release;
import io.bluegreen.StateCorruptException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
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
  void whatWasWrittenIsReadAndWrittenTheSame() {
    assertThat(StateCodec.write(StateCodec.read(document))).isEqualTo(document);
  }

  @ParameterizedTest
  @ValueSource(ints = {3, 4})
  void formatsBeforeThisOneAreReadAndWrittenAsThisOne(int format) {
    String text = new String(document, StandardCharsets.UTF_8);
    String former = text.replaceFirst("\"format\" : 5", "\"format\" : " + format);
    assertThat(former).isNotEqualTo(text);
    StateDocument read = StateCodec.read(former.getBytes(StandardCharsets.UTF_8));
    assertThat(StateCodec.write(read)).isEqualTo(document);
    refused(former.replaceFirst("\"epoch\" : ", "\"epoch\" : 1").getBytes(StandardCharsets.UTF_8));
  }

  /** The library wrote it before explicit rollbacks had an outcome of their own. */
  @Test
  void rollbackInTheHistoryOfFormat4WentBackAndFailedDeploymentsWereRolledBack() throws Exception {
    byte[] former = getClass().getResourceAsStream("state-format-4.json").readAllBytes();
    StateDocument read = StateCodec.read(former);
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
