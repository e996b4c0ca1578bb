package io.bluegreen.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.bluegreen.BlueGreenManager;
import io.bluegreen.DeploymentPolicy;
import io.bluegreen.JsonForm;
import io.bluegreen.Operation;
import io.bluegreen.Release;
import io.bluegreen.TrafficEvent;
import io.bluegreen.Watch;
import io.bluegreen.support.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The page about JSON shows the program's own output, to the letter. */
class JsonPageTest {
  private static final Path PAGE = Path.of("JSON.md");
  private static final Path ACTUAL = Path.of("target/json");
  private static final Pattern BLOCK =
      Pattern.compile("<!-- json: (\\S+) -->\\n```json\\n(.*?)\\n```", Pattern.DOTALL);

  private final Shop shop = Shop.web();

  private Map<String, JsonForm> shown() {
    BlueGreenManager manager = shop.manager();
    Map<String, JsonForm> shown = new LinkedHashMap<>();
    shown.put("recovery", manager.recover());
    manager.deployNewVersion(Release.of("1.4.1")).orThrow();
    Operation operation =
        Operation.deploy(Release.of("1.4.2").with("branch", "main"))
            .policy(DeploymentPolicy.DEFAULT.bake(Watch.lasting(Duration.ofMinutes(5))))
            .by("ann", "INC-42");
    shown.put("plan", manager.plan(operation));
    shown.put("result", manager.run(Operation.deploy(Release.of("1.4.2")).by("ann", "INC-42")));
    shown.put("event", shop.events.events(TrafficEvent.TrafficMoved.class).get(1));
    shown.put("record", manager.history().get(0));
    shown.put("status", manager.status());
    shown.put("recorded", BlueGreenManager.console("shop", shop.store).status());
    return shown;
  }

  @Test
  void pageShowsWhatTheProgramWrites() throws IOException {
    Map<String, String> page = new LinkedHashMap<>();
    Matcher blocks = BLOCK.matcher(Files.readString(PAGE));
    while (blocks.find()) {
      page.put(blocks.group(1), anyRun(blocks.group(2)));
    }
    Map<String, String> actual = new LinkedHashMap<>();
    Files.createDirectories(ACTUAL);
    for (Map.Entry<String, JsonForm> shown : shown().entrySet()) {
      String json =
          Json.writePretty(shown.getValue().toMap()).replace(System.lineSeparator(), "\n");
      actual.put(shown.getKey(), anyRun(json));
      Files.writeString(ACTUAL.resolve(shown.getKey() + ".json"), json);
    }
    assertThat(page).as("what is written now lies in %s", ACTUAL).containsAllEntriesOf(actual);
    assertThat(actual.keySet()).containsAll(page.keySet());
  }

  /**
   * Replaces ids, times and durations, which are drawn by chance and differ after a change of the
   * engine.
   */
  private static String anyRun(String json) {
    return json.replaceAll("[0-9]{8}-[0-9]{6}-[a-z0-9]{6}", "ID")
        .replaceAll("Z\"|[0-9]{2}\\.[0-9]+Z\"", "TIME")
        .replaceAll("Millis\" : [0-9]+", "Millis");
  }
}
