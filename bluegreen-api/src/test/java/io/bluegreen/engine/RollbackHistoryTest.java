package io.bluegreen.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bluegreen.BlueGreenManager;
import io.bluegreen.Color;
import io.bluegreen.DeploymentResult;
import io.bluegreen.Operation;
import io.bluegreen.OperationRefusedException;
import io.bluegreen.Phase;
import io.bluegreen.RecoveryChoice;
import io.bluegreen.Release;
import io.bluegreen.Service;
import io.bluegreen.testing.Crash;
import io.bluegreen.testing.ScriptedHealthCheck;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * After each history of a group, a rollback takes the last promotion back once, or changes nothing.
 */
class RollbackHistoryTest {
  /**
   * A row has the services, the steps, and what is live at the end. A step tells its outcome unless
   * that is PROMOTED. A step that ends as ALREADY_LIVE or REFUSED must not have switched.
   */
  private static final String TABLE =
      """
      web     | deploy 1; rollback=REFUSED | web 1
      web     | rollback=REFUSED | web none
      web     | reject 1; rollback=REFUSED | web none
      web     | deploy 1; deploy 2; rollback=WENT_BACK | web 1
      web     | deploy 1; deploy 2; rollback=WENT_BACK; rollback=ALREADY_LIVE; rollback=ALREADY_LIVE | web 1
      web     | deploy 1; deploy 2; rollback=WENT_BACK; deploy 3; rollback=WENT_BACK; rollback=ALREADY_LIVE | web 1
      web     | deploy 1; deploy 2; rollback=WENT_BACK; reject 3; rollback=ALREADY_LIVE | web 1
      web     | deploy 1; deploy 2; rollback=WENT_BACK; fail 3; rollback=ALREADY_LIVE | web 1
      web     | deploy 1; deploy 2; rollback=WENT_BACK; switch blue; rollback=WENT_BACK; rollback=ALREADY_LIVE | web 1
      web     | deploy 1; deploy 2; reject 3; rollback=REFUSED | web 2
      web     | deploy 1; deploy 2; fail 3; rollback=REFUSED | web 2
      web     | deploy 1; fail 2; rollback=REFUSED | web 1
      web     | deploy 1; deploy 2; deploy 3; rollback=WENT_BACK; rollback=ALREADY_LIVE | web 2
      web     | deploy 1; deploy 2; switch green; rollback=WENT_BACK; rollback=ALREADY_LIVE | web 2
      web     | deploy 1; deploy 2; start 3=COMPLETED; rollback=REFUSED | web 2
      web     | deploy 1; deploy 2; stop=COMPLETED; rollback=REFUSED | web 2
      web     | deploy 1; deploy 2; rollback=WENT_BACK; stop=COMPLETED; rollback=ALREADY_LIVE | web 1
      web     | deploy 1; redeploy 1; rollback=WENT_BACK; rollback=ALREADY_LIVE | web 1
      web     | deploy 1; deploy 2; byhand green; adopt; rollback=ALREADY_LIVE | web 1
      web     | deploy 1; deploy 2; byhand green; repair; rollback=WENT_BACK; rollback=ALREADY_LIVE | web 1
      web     | deploy 1; deploy 2; rollback=WENT_BACK; byhand blue; adopt; rollback=REFUSED | web 2
      web     | deploy 1; deploy 2; rollback=WENT_BACK; byhand blue; repair; rollback=ALREADY_LIVE | web 1
      web     | deploy 1; deploy 2; killed rollback; rollback=WENT_BACK; rollback=ALREADY_LIVE | web 1
      web     | deploy 1; deploy 2; frozen rollback; rollback=ALREADY_LIVE | web 1
      web     | deploy 1; deploy 2; frozen 3; rollback=WENT_BACK; rollback=ALREADY_LIVE | web 2
      web     | deploy 1; deploy 2; rollback to 1=WENT_BACK; rollback to 1=ALREADY_LIVE; rollback=ALREADY_LIVE | web 1
      web     | deploy 1; deploy 2; rollback to 2=ALREADY_LIVE | web 2
      web     | deploy 1; deploy 2; rollback=WENT_BACK; rollback to 2=WENT_BACK; rollback=WENT_BACK; rollback=ALREADY_LIVE | web 1
      web     | deploy 1; deploy 2; deploy 3; rollback to 1=REFUSED; rollback to 2=WENT_BACK | web 2
      web     | deploy 1; deploy 2; start 3=COMPLETED; rollback to 3=WENT_BACK; rollback=WENT_BACK | web 2
      web     | deploy 1; rollback to 1=ALREADY_LIVE; rollback to 7=REFUSED | web 1
      web api | deploy 1; deploy 2; rollback=WENT_BACK; rollback=ALREADY_LIVE | web 1, api 1
      web api | deploy 1; deploy 2; rollback of web=WENT_BACK; rollback of web=ALREADY_LIVE | web 1, api 2
      web api | deploy 1; deploy 2; rollback of web=WENT_BACK; rollback=WENT_BACK; rollback=ALREADY_LIVE | web 1, api 1
      web api | deploy 1; deploy 2 of web; rollback=WENT_BACK; rollback=ALREADY_LIVE | web 1, api 1
      web api | deploy 1; deploy 2 of web; deploy 3 of api; rollback=WENT_BACK; rollback=ALREADY_LIVE | web 2, api 1
      web api | deploy 1; deploy 2 of web; deploy 3 of api; rollback of web=WENT_BACK; rollback=WENT_BACK; rollback=ALREADY_LIVE | web 1, api 1
      web api | deploy 1; deploy 2 of web; rollback of api=REFUSED; rollback of web=WENT_BACK | web 1, api 1
      web api | deploy 1 of web; deploy 2; rollback=WENT_BACK; rollback=ALREADY_LIVE | web 1, api 2
      web api | deploy 1; deploy 2; stop of web=COMPLETED; rollback=REFUSED; rollback of api=WENT_BACK | web 2, api 1
      web api | deploy 1; deploy 2; rollback to 1=WENT_BACK; rollback to 1=ALREADY_LIVE | web 1, api 1
      web api | deploy 1; deploy 2 of web; rollback to 1=WENT_BACK; rollback to 2=REFUSED | web 1, api 1
      web bot | deploy 1; deploy 2; rollback=WENT_BACK; rollback=ALREADY_LIVE | web 1, bot 1
      web bot | deploy 1; deploy 2; rollback=WENT_BACK; deploy 3; rollback=WENT_BACK; rollback=ALREADY_LIVE | web 1, bot 1
      web bot | deploy 1; deploy 2; rollback of bot=WENT_BACK; rollback of bot=ALREADY_LIVE; rollback=WENT_BACK | web 1, bot 1
      web bot | deploy 1; deploy 2; switch green; rollback=WENT_BACK; rollback=ALREADY_LIVE | web 2, bot 2
      web bot | deploy 1; deploy 2; killed rollback; rollback=WENT_BACK; rollback=ALREADY_LIVE | web 1, bot 1
      web bot | deploy 1; deploy 2; rollback to 1=WENT_BACK; rollback to 1=ALREADY_LIVE | web 1, bot 1
      web bot | deploy 1; deploy 2 of web; rollback=WENT_BACK | web 1, bot 1
      web bot | deploy 1 of web; deploy 2; rollback=WENT_BACK | web 1, bot 2
      bot     | deploy 1; rollback=REFUSED | bot 1
      bot     | deploy 1; deploy 2; rollback=WENT_BACK; rollback=ALREADY_LIVE | bot 1
      bot     | deploy 1; deploy 2; fail 3; rollback=WENT_BACK; rollback=ALREADY_LIVE | bot 1
      """;

  static Stream<String> histories() {
    return TABLE.lines();
  }

  @ParameterizedTest
  @MethodSource("histories")
  void historyEndsWith(String row) {
    String[] parts = row.split("\\|");
    Shop shop =
        new Shop(Stream.of(parts[0].strip().split(" ")).map(this::service).toArray(Service[]::new));
    for (String step : parts[1].strip().split("; ")) {
      String[] asked = step.split("=");
      int applied = shop.router.applied().size();
      String expected = asked.length > 1 ? asked[1] : "PROMOTED";

      String ended = play(shop, asked[0]);

      assertThat(ended.isEmpty() ? expected : ended).as(row + ": " + step).isEqualTo(expected);
      if (expected.equals("ALREADY_LIVE") || expected.equals("REFUSED")) {
        assertThat(shop.router.applied()).as(row + ": " + step).hasSize(applied);
      }
    }
    assertThat(live(shop)).as(row).isEqualTo(parts[2].strip());
  }

  private Service service(String name) {
    return name.equals("bot")
        ? Service.background("bot")
        : Shop.web(name, name.equals("web") ? 1 : 2);
  }

  /** Plays a step and returns how it ended; empty for a step whose end the later steps show. */
  private static String play(Shop shop, String step) {
    String[] words = step.split(" of ");
    String[] verb = words[0].split(" ");
    Operation operation =
        switch (verb[0]) {
          case "deploy", "reject", "fail" -> Operation.deploy(Release.of(verb[1]));
          case "redeploy" -> Operation.deploy(Release.of(verb[1])).redeploy();
          case "start" -> Operation.startCandidate(Release.of(verb[1]));
          case "stop" -> Operation.stopCandidate();
          case "switch" -> Operation.switchTo(Color.valueOf(verb[1].toUpperCase(Locale.ROOT)));
          case "rollback" ->
              verb.length > 2 ? Operation.rollback().to(verb[2]) : Operation.rollback();
          default -> null;
        };
    if (operation == null) {
      special(shop, verb);
      return "";
    }
    if (words.length > 1) {
      operation = operation.service(words[1]);
    }
    if (verb[0].equals("reject") || verb[0].equals("fail")) {
      boolean sick = verb[0].equals("reject");
      shop.health = sick ? ScriptedHealthCheck.down("sick") : ScriptedHealthCheck.up();
      DeploymentResult result =
          shop.builder()
              .hook(
                  Phase.FINISH,
                  "report",
                  context -> {
                    throw new IllegalStateException("no");
                  })
              .build()
              .run(operation);
      shop.health = ScriptedHealthCheck.up();
      assertThat(result.achieved()).isFalse();
      return "";
    }
    try {
      DeploymentResult result = shop.manager().run(operation);
      assertThat(result.achieved()).as(result.toString()).isTrue();
      return result.outcome().name();
    } catch (OperationRefusedException e) {
      return "REFUSED";
    }
  }

  private static void special(Shop shop, String[] verb) {
    switch (verb[0]) {
      case "byhand" ->
          shop.router.switchByHand("web", Color.valueOf(verb[1].toUpperCase(Locale.ROOT)), 100);
      case "adopt" -> shop.manager().recover(RecoveryChoice.ADOPT, "ann");
      case "repair" -> shop.manager().recover(RecoveryChoice.REPAIR, "ann");
      default -> {
        Color live = shop.live("web");
        BlueGreenManager doomed = shop.builder(Shop.dyingAfter("apply")).build();
        Operation operation =
            verb[1].equals("rollback")
                ? Operation.rollback()
                : Operation.deploy(Release.of(verb[1]));
        assertThatThrownBy(() -> doomed.run(operation)).isInstanceOf(Crash.class);
        if (verb[0].equals("frozen")) { // The former live colour is sick: nothing goes back to it.
          shop.health = ScriptedHealthCheck.of("web", live, ScriptedHealthCheck.down("sick"));
        }
        shop.manager().recover();
        shop.health = ScriptedHealthCheck.up();
      }
    }
  }

  private static String live(Shop shop) {
    List<String> live = new ArrayList<>();
    for (Service service : shop.services) {
      Optional<String> version =
          shop.manager().status().slots().stream()
              .filter(slot -> slot.slot().service().equals(service) && slot.live())
              .flatMap(slot -> slot.version().stream())
              .findFirst();
      live.add(service + " " + version.orElse("none"));
    }
    return String.join(", ", live);
  }
}
