package io.bluegreen.engine;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.bluegreen.BlueGreenManager;
import io.bluegreen.Color;
import io.bluegreen.DeploymentEvent;
import io.bluegreen.DeploymentPolicy;
import io.bluegreen.DeploymentRecord;
import io.bluegreen.DeploymentResult;
import io.bluegreen.Group;
import io.bluegreen.JsonForm;
import io.bluegreen.LeaseOwner;
import io.bluegreen.Operation;
import io.bluegreen.Release;
import io.bluegreen.RouterTruth;
import io.bluegreen.Service;
import io.bluegreen.Signal;
import io.bluegreen.Slot;
import io.bluegreen.Status;
import io.bluegreen.TimeLimits;
import io.bluegreen.TrafficSplit;
import io.bluegreen.Watch;
import io.bluegreen.testing.ScriptedHealthCheck;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * A value that a host returns from a web controller, or writes to a log, is written with all its
 * parts.
 */
class JsonFormTest {
  private static final ObjectMapper JACKSON_2 = new ObjectMapper();
  private static final tools.jackson.databind.ObjectMapper JACKSON_3 =
      new tools.jackson.databind.ObjectMapper();

  private static final Operation ASKED =
      Operation.deploy(Shop.V2.with("branch", "main"))
          .service("web")
          .policy(DeploymentPolicy.DEFAULT.shift(Watch.lasting(Duration.ofMinutes(2))))
          .by("ann", "INC-42");

  private final Shop shop = new Shop(Shop.web("web", 1), Service.background("bot"));

  /**
   * Returns all values that a host gets while it deploys, rolls back, and deploys a version that
   * fails.
   */
  private List<JsonForm> values() {
    shop.policy = DeploymentPolicy.DEFAULT.bake(Watch.lasting(Duration.ofMinutes(1)));
    BlueGreenManager manager = shop.manager();
    List<JsonForm> values = new ArrayList<>();
    values.add(manager.status());
    values.add(manager.recover());
    values.add(manager.plan(ASKED));
    values.add(manager.deployNewVersion(Shop.V1));
    values.add(manager.run(ASKED));
    values.add(manager.rollback());
    shop.health = ScriptedHealthCheck.down("sick");
    values.add(manager.deployNewVersion(Shop.V3));
    values.add(manager.status());
    values.addAll(manager.status().slots());
    values.addAll(manager.history());
    values.addAll(shop.events.events());
    Service web = shop.services.get(0);
    Slot slot = new Slot("shop", web, Color.GREEN);
    Instant now = Instant.EPOCH;
    values.addAll(
        List.of(
            ASKED,
            web,
            slot,
            slot.instances().get(0),
            new Group("shop", shop.services),
            new TrafficSplit(Map.of("web", 25)),
            new LeaseOwner("shop", "d1", 1, "host", now),
            new Signal("d1", Signal.Kind.ABORT, "ann", "slow", now),
            DeploymentPolicy.DEFAULT,
            DeploymentPolicy.DEFAULT.limits(),
            Watch.NONE));
    return values;
  }

  @Test
  void plainJacksonOfBothMajorVersionsWritesTheSameAsToJson() throws Exception {
    for (JsonForm value : values()) {
      JsonNode form = JACKSON_2.readTree(value.toJson());
      assertThat(form.properties()).as(value.toString()).isNotEmpty();
      assertThat(JACKSON_2.<JsonNode>valueToTree(value)).hasToString(form.toString());
      assertThat(JACKSON_2.writeValueAsString(value)).isEqualTo(form.toString());
      assertThat(JACKSON_2.readTree(JACKSON_3.writeValueAsString(value))).isEqualTo(form);
    }
  }

  @Test
  void eachKindOfEventHasItsNameAndIsWritten() {
    values();
    assertThat(shop.events.events())
        .allSatisfy(event -> assertThat(event.toMap()).containsKeys("format", "event", "text"));
    assertThat(kindsOf(DeploymentEvent.class))
        .hasSize(16)
        .allSatisfy(
            kind ->
                assertThat(
                        kind.getSimpleName()
                            .replaceAll("(?<=[a-z])(?=[A-Z])", "_")
                            .toUpperCase(Locale.ROOT))
                    .isEqualTo(name(kind)));
  }

  private static Stream<Class<?>> kindsOf(Class<?> event) {
    return event.isSealed()
        ? Stream.of(event.getPermittedSubclasses()).flatMap(JsonFormTest::kindsOf)
        : Stream.of(event);
  }

  private static Object name(Class<?> kind) throws ReflectiveOperationException {
    var shapes = Class.forName("io.bluegreen.JsonShapes").getDeclaredMethod("kind", Class.class);
    shapes.setAccessible(true);
    return shapes.invoke(null, kind);
  }

  @Test
  void operationAndServiceAnswerLikeRecords() throws Exception {
    JsonNode operation = JACKSON_2.valueToTree(ASKED);
    assertThat(operation.path("kind").asText()).isEqualTo("DEPLOY");
    assertThat(operation.at("/release/version").asText()).isEqualTo("2");
    assertThat(operation.at("/release/attributes/branch").asText()).isEqualTo("main");
    assertThat(operation.at("/services/0").asText()).isEqualTo("web");
    assertThat(operation.at("/by").asText()).isEqualTo("ann");
    assertThat(DeploymentPolicy.fromJson(operation.path("policy").toString()))
        .isEqualTo(ASKED.policy().orElseThrow());
    JsonNode service = JACKSON_2.valueToTree(shop.services.get(0));
    assertThat(service.toString())
        .isEqualTo(
            "{\"name\":\"web\",\"routed\":true,\"blue\":[\"http://127.0.0.1:1101\"],"
                + "\"green\":[\"http://127.0.0.1:1102\"],\"frontDoor\":\"http://127.0.0.1:1100\"}");
  }

  @Test
  void historyKeepsVersionWhatServedAndWarningsOfEachDeployment() {
    values();
    List<DeploymentRecord> history = shop.manager().history();
    assertThat(history)
        .extracting(DeploymentRecord::version)
        .containsExactly(Optional.of("3"), Optional.of("1"), Optional.of("2"), Optional.of("1"));
    assertThat(history)
        .extracting(past -> past.serving().orElseThrow().toString())
        .containsExactly("web green", "web green", "web blue", "web green");
    assertThat(history.get(2).by() + history.get(2).why()).isEqualTo("annINC-42");
    assertThat(history.get(2).toString())
        .contains(" deploy 2 {branch=main} of web by ann (INC-42): PROMOTED in ");
  }

  @Test
  void warningsInTheHistoryAreThoseOfTheResult() {
    Shop without =
        new Shop(Service.named("web").blue("http://127.0.0.1:5005").green("http://127.0.0.1:5006"));
    DeploymentResult result = without.deploy(Shop.V1);
    assertThat(result.warnings()).isNotEmpty();
    assertThat(without.manager().history().get(0).warnings()).isEqualTo(result.warnings());
  }

  /** No switch of ours was about api, and yet the router counts it as assigned. */
  @Test
  void serviceIsUnassignedInTheStatusIfTheRouterOrTheRecordSaySo() {
    Shop pair = new Shop(Shop.web("web", 1), Shop.web("api", 2));
    pair.manager().run(Operation.deploy(Shop.V1).service("web")).orThrow();
    Status status = pair.manager().status();
    assertThat(status.unassigned()).isEqualTo(Set.of("api"));
    assertThat(status.toJson()).contains("\"unassigned\":[\"api\"]");
    assertThat(status.slots())
        .filteredOn(slot -> slot.slot().service().name().equals("api"))
        .noneMatch(Status.SlotStatus::live);
  }

  @Test
  void peopleSeeNoFenceNoGenerationAndNoIsoDuration() {
    List<JsonForm> values = values();
    assertThat(values)
        .filteredOn(value -> !(value instanceof DeploymentPolicy) && !(value instanceof Watch))
        .filteredOn(value -> !(value instanceof TimeLimits))
        .extracting(Object::toString)
        .noneMatch(text -> text.matches("(?s).*(PT\\d|fence|generation).*"));
    RouterTruth.Known truth =
        new RouterTruth.Known(
            new TrafficSplit(Map.of("web", 100)),
            new TrafficSplit(Map.of("web", 0)),
            List.of(),
            7,
            9,
            Set.of(),
            List.of());
    assertThat(truth).hasToString("web green, after a restart web blue");
    assertThat(shop.manager().plan(ASKED).describe())
        .contains("hold for 2 min")
        .doesNotContain("PT");
    assertThat(shop.manager().status().toJson()).doesNotContain("fence");
    assertThat(Release.of("1")).hasToString("1");
  }
}
