package io.bluegreen.engine;

import static io.bluegreen.Color.BLUE;
import static io.bluegreen.Color.GREEN;
import static io.bluegreen.engine.Shop.V1;
import static io.bluegreen.engine.Shop.V2;
import static io.bluegreen.engine.Shop.V3;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bluegreen.BlueGreenManager;
import io.bluegreen.DeploymentInProgressException;
import io.bluegreen.DeploymentRecord;
import io.bluegreen.DeploymentResult;
import io.bluegreen.LeaseLostException;
import io.bluegreen.Outcome;
import io.bluegreen.Phase;
import io.bluegreen.StateCorruptException;
import io.bluegreen.StoreException;
import io.bluegreen.testing.InMemoryStateStore;
import io.bluegreen.testing.Incarnation;
import io.bluegreen.testing.StoreFault;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Tests the record under the lease: full disks, lost leases, torn and foreign documents. */
class StateOfAGroupTest {
  private final Shop shop = Shop.web();

  @Test
  void fullDiskStopsTheWayForwardBeforeAnythingIsLaunched() {
    shop.deploy(V1);
    shop.store.next(StoreFault.FAIL);

    assertThatThrownBy(() -> shop.deploy(V2)).isInstanceOf(StoreException.class);
    assertThat(shop.running()).isEqualTo("web/green 1");
  }

  @Test
  void diskThatFillsUpInTheMiddleLetsTheWayBackGoOn() {
    shop.deploy(V1);
    DeploymentResult result =
        shop.builder()
            .hook(Phase.VERIFY, "fill", context -> shop.store.full(true))
            .build()
            .deployNewVersion(V2);

    assertThat(result.outcome()).isEqualTo(Outcome.REJECTED);
    assertThat(result.warnings()).anyMatch(w -> w.contains("without a record"));
    assertThat(shop.live("web")).isEqualTo(GREEN);
    assertThat(shop.running()).isEqualTo("web/green 1");
  }

  @Test
  void managerThatLostItsLeaseActsNoMore() {
    shop.deploy(V1);
    BlueGreenManager manager =
        shop.builder().hook(Phase.VERIFY, "suspend", context -> shop.store.loseLease()).build();

    assertThatThrownBy(() -> manager.deployNewVersion(V2)).isInstanceOf(LeaseLostException.class);
    assertThat(shop.live("web")).isEqualTo(GREEN);
  }

  @Test
  void secondManagerIsToldWhoActs() {
    List<String> told = new ArrayList<>();
    BlueGreenManager other = shop.builder().store(shop.store.another()).build();
    shop.builder()
        .hook(
            Phase.VERIFY,
            "meanwhile",
            context ->
                assertThatThrownBy(() -> other.deployNewVersion(V2))
                    .isInstanceOf(DeploymentInProgressException.class)
                    .satisfies(e -> told.add(e.getMessage())))
        .build()
        .deployNewVersion(V1)
        .orThrow();

    assertThat(told).singleElement().asString().contains("pid").contains("group shop");
    assertThat(shop.running()).isEqualTo("web/green 1");
  }

  @Test
  void tornStateIsNamedAndNeverReset() {
    shop.deploy(V1);
    shop.store.corrupt();

    assertThatThrownBy(() -> shop.deploy(V2))
        .isInstanceOf(StateCorruptException.class)
        .hasMessageContaining("torn or was edited");
    assertThat(shop.running()).isEqualTo("web/green 1");
  }

  @Test
  void stateOfALaterFormatIsRefused() {
    shop.deploy(V1);
    String later =
        new String(shop.store.load().orElseThrow(), java.nio.charset.StandardCharsets.UTF_8)
            .replaceFirst(
                "\"format\" : " + StateCodec.FORMAT, "\"format\" : " + (StateCodec.FORMAT + 1));
    shop.store.restore(later.getBytes(java.nio.charset.StandardCharsets.UTF_8));

    assertThatThrownBy(() -> shop.deploy(V2))
        .isInstanceOf(StateCorruptException.class)
        .hasMessageContaining("format " + (StateCodec.FORMAT + 1));
  }

  @Test
  void lastWeeksBackupOfTheStateIsNeverWrittenOver() {
    shop.deploy(V1);
    byte[] backup = shop.store.load().orElseThrow();
    BlueGreenManager manager =
        shop.builder().hook(Phase.VERIFY, "restore", context -> shop.store.restore(backup)).build();

    assertThatThrownBy(() -> manager.deployNewVersion(V2))
        .isInstanceOf(LeaseLostException.class)
        .hasMessageContaining("replaced by somebody else");
    assertThat(shop.store.load().orElseThrow()).isEqualTo(backup);
  }

  @Test
  void everyEffectIsSavedAsIntentBeforeItHappens() {
    shop.withTwo();
    List<String> unannounced = new ArrayList<>();
    Incarnation life = new Incarnation();
    life.observe(
        () -> {
          String effect = life.effects().get(life.effects().size() - 1);
          OpenDeployment open = Journal.read(shop.store.another(), "shop").open;
          String intent =
              open == null
                  ? ""
                  : open.last().map(entry -> entry.mark() + " " + entry.kind()).orElse("");
          boolean announced =
              effect.startsWith("apply")
                  ? intent.equals("INTENT MOVE")
                  : effect.startsWith("launch")
                      ? intent.equals("INTENT LAUNCH")
                      : !effect.startsWith("stop") || intent.equals("INTENT STOP");
          if (!announced) {
            unannounced.add(effect + " after " + intent);
          }
        });

    shop.builder(life).build().deployNewVersion(V3).orThrow();

    assertThat(life.effects()).anyMatch(effect -> effect.startsWith("apply"));
    assertThat(unannounced).isEmpty();
  }

  @Test
  void stateCanBeReadByAPerson() {
    shop.deploy(V1);

    String state =
        new String(shop.store.load().orElseThrow(), java.nio.charset.StandardCharsets.UTF_8);

    assertThat(state)
        .contains("\"web/green\"")
        .contains("\"version\" : \"1\"")
        .contains("RUNNING (fake)")
        .contains("passes in a row at")
        .contains("\"operation\" : \"deploy 1\"");
  }

  @Test
  void historyIsBoundedAndTheLatestComesFirst() {
    shop.withTwo();
    for (int i = 0; i < BlueGreenManager.HISTORY + 5; i++) {
      shop.manager().switchTraffic(i % 2 == 0 ? GREEN : BLUE).orThrow();
    }

    List<DeploymentRecord> history = shop.manager().history();

    assertThat(history).hasSize(BlueGreenManager.HISTORY);
    assertThat(history.get(0).startedAt()).isAfter(history.get(1).startedAt());
  }

  @Test
  void storeIsSharedByManagersOneAfterAnother() {
    InMemoryStateStore again = shop.store.another();
    shop.deploy(V1);

    assertThat(again.load()).isPresent();
    assertThat(again.holder()).isEmpty();
  }
}
