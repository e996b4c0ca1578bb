package io.bluegreen.testing;

import static io.bluegreen.Color.BLUE;
import static io.bluegreen.Color.GREEN;
import static io.bluegreen.testing.ScriptedHealthCheck.down;
import static io.bluegreen.testing.ScriptedHealthCheck.fail;
import static io.bluegreen.testing.ScriptedHealthCheck.hang;
import static io.bluegreen.testing.ScriptedHealthCheck.up;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.bluegreen.Color;
import io.bluegreen.Instance;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ScriptedHealthCheckTest {

  @Test
  void oneAnswerIsForEverything() {
    assertThat(answer(up(), GREEN, 0)).isEqualTo("UP (scripted)");
    assertThat(answer(down("boom"), BLUE, 3)).isEqualTo("DOWN (boom)");
    assertThat(hang().probe(instance(GREEN, 0))).isNotDone();
    assertThatIllegalStateException()
        .isThrownBy(() -> fail(new IllegalStateException("x")).probe(instance(GREEN, 0)));
  }

  @Test
  void aSlotGoesThroughItsAnswersAndTheLastRepeats() {
    ScriptedHealthCheck check = ScriptedHealthCheck.of("web", GREEN, down("1"), up(), down("3"));
    assertThat(answer(check, GREEN, 0)).isEqualTo("DOWN (1)");
    assertThat(answer(check, GREEN, 1)).as("each instance on its own").isEqualTo("DOWN (1)");
    assertThat(answer(check, GREEN, 0)).isEqualTo("UP (scripted)");
    assertThat(answer(check, GREEN, 0)).isEqualTo("DOWN (3)");
    assertThat(answer(check, GREEN, 0)).isEqualTo("DOWN (3)");
    assertThat(answer(check, BLUE, 0)).isEqualTo("UP (scripted)");
  }

  @Test
  void answersCanChangeLater() {
    ScriptedHealthCheck check = up();
    assertThat(answer(check, GREEN, 0)).isEqualTo("UP (scripted)");
    check.on("web", GREEN, down("leak"));
    assertThat(answer(check, GREEN, 0)).isEqualTo("DOWN (leak)");
    check.on("web", GREEN, up(), down("again"));
    assertThat(answer(check, GREEN, 0)).isEqualTo("UP (scripted)");
  }

  @Test
  void aScriptWithoutAnAnswerIsRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ScriptedHealthCheck.of("web", GREEN))
        .withMessageContaining("inOrder");
  }

  private static String answer(ScriptedHealthCheck check, Color color, int index) {
    return check.probe(instance(color, index)).join().toString();
  }

  private static Instance instance(Color color, int index) {
    return new Instance("web", color, index, Optional.empty());
  }
}
