package io.bluegreen.engine;

import static io.bluegreen.Color.GREEN;
import static io.bluegreen.engine.Shop.V3;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bluegreen.Color;
import io.bluegreen.Outcome;
import io.bluegreen.Phase;
import io.bluegreen.Service;
import io.bluegreen.Slot;
import io.bluegreen.StateCorruptException;
import io.bluegreen.support.Json;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Reads a journal from disk, as it was left by a process that was closed in the bake of version 3.
 */
class JournalFormatTest {
  private static final int FORMAT = 5;

  private final byte[] document = stored();

  @Test
  void journalIsReadAsItWasWrittenWithEveryKindOfStep() {
    StateDocument state = StateCodec.read(document);
    OpenDeployment open = Objects.requireNonNull(state.open);

    assertThat(open.plan.stream().map(RecordedStep::kind).distinct())
        .containsExactly(
            StepKind.HOOK,
            StepKind.DRAIN,
            StepKind.STOP,
            StepKind.LAUNCH,
            StepKind.PROVE,
            StepKind.HOLD,
            StepKind.MOVE,
            StepKind.HANDOVER);
    assertThat(open.entries.stream().map(JournalEntry::kind)).contains(StepKind.PAUSE);
    assertThat(open.waits()).isTrue();
    assertThat(open.percent()).isEqualTo(100);
    OpenDeployment again = Objects.requireNonNull(StateCodec.read(StateCodec.write(state)).open);
    assertThat(again.plan).isEqualTo(open.plan);
    assertThat(again.entries).isEqualTo(open.entries);
  }

  @Test
  void everyKindIsSpelledAsItIsOnDisk() {
    assertThat(StepKind.values())
        .extracting(StepKind::name)
        .containsExactly(
            "HOOK",
            "LAUNCH",
            "ADOPT",
            "PROVE",
            "MOVE",
            "HOLD",
            "DRAIN",
            "STOP",
            "HANDOVER",
            "PAUSE",
            "FINISH");
  }

  @Test
  void deploymentOfThatJournalIsCarriedOnToItsEnd() {
    Shop shop = new Shop(Shop.web("web", 1), Service.background("bot"));
    StateDocument state = StateCodec.read(document);
    for (Service service : shop.services) {
      for (Color color : Color.values()) {
        Slot slot = new Slot("shop", service, color);
        state
            .occupant(slot)
            .ifPresent(was -> shop.launcher.launch(slot, was.release(), was.token()));
      }
    }
    shop.router.switchByHand("web", GREEN, 100);
    shop.store.restore(document);

    assertThat(
            shop.builder()
                .hook(Phase.PREPARE, "migrate", context -> {})
                .hook(Phase.VERIFY, "warm", context -> {})
                .hook(Phase.FINISH, "tell", context -> {})
                .build()
                .carryOn()
                .outcome())
        .isEqualTo(Outcome.PROMOTED);
    assertThat(shop.running("web")).containsExactly("web/green " + V3.version());
  }

  @ParameterizedTest
  @ValueSource(strings = {"\"CANARY\"", "\"move\"", "\"\"", "3"})
  void unknownKindIsRefusedByItsName(String kind) {
    String text = new String(document, StandardCharsets.UTF_8);
    String other = text.replaceFirst("\"kind\" : \"HANDOVER\"", "\"kind\" : " + kind);
    assertThat(other).isNotEqualTo(text);

    assertThatThrownBy(() -> StateCodec.read(whole(other)))
        .isInstanceOf(StateCorruptException.class)
        .hasMessageContaining("\"" + kind.replace("\"", "") + "\" at open.plan[10].kind")
        .hasMessageContaining("a later version wrote it; use that one");
  }

  /** Returns the edited document with a checksum that is right again. */
  private static byte[] whole(String edited) {
    String begin = "\"state\" : ";
    String state =
        edited.substring(
            edited.indexOf(begin) + begin.length(), edited.length() - "\n}\n".length());
    String checksum =
        Json.read(edited.getBytes(StandardCharsets.UTF_8))
            .at("/sha256")
            .orElseThrow()
            .text()
            .orElseThrow();
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update((byte) FORMAT);
      byte[] sum = digest.digest(state.getBytes(StandardCharsets.UTF_8));
      return edited
          .replace(checksum, HexFormat.of().formatHex(sum))
          .getBytes(StandardCharsets.UTF_8);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private static byte[] stored() {
    try (InputStream stored =
        JournalFormatTest.class.getResourceAsStream("state-format-" + FORMAT + "-open.json")) {
      return Objects.requireNonNull(stored).readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
