package io.bluegreen.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import io.bluegreen.Color;
import io.bluegreen.Service;
import io.bluegreen.Slot;
import io.bluegreen.TrafficSplit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class ServiceSlotsTest {
  private static final Service WEB = Service.named("web");
  private static final int SWITCHES = 20_000;
  private static final int SPINS_AFTER_DRAIN = 50;

  private final ServiceSlots slots = new ServiceSlots(traffic(Color.BLUE), traffic(Color.GREEN));
  private final RoutingTable.InForce routing = new RoutingTable.InForce(table(0));
  private final AtomicInteger violations = new AtomicInteger();
  private volatile SlotTraffic drained;
  private volatile boolean stop;

  @Test
  void drainedSlotIsEnteredByNobody() throws InterruptedException {
    List<Thread> users = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      Thread user = new Thread(this::use);
      user.setDaemon(true);
      user.start();
      users.add(user);
    }
    for (int i = 1; i <= SWITCHES; i++) {
      Color to = i % 2 == 0 ? Color.BLUE : Color.GREEN;
      routing.replace(table(to == Color.GREEN ? 100 : 0));
      SlotTraffic former = slots.of(to.other());
      while (!former.inFlight().isNone()) {
        Thread.onSpinWait();
      }
      drained = former;
      for (int spin = 0; spin < SPINS_AFTER_DRAIN; spin++) {
        Thread.onSpinWait();
      }
      drained = null;
    }
    stop = true;
    for (Thread user : users) {
      user.join();
    }
    assertThat(violations).hasValue(0);
    assertThat(slots.blue().inFlight().isNone()).isTrue();
    assertThat(slots.green().inFlight().isNone()).isTrue();
  }

  @Test
  void cohortsBelowThePercentAreGreen() {
    routing.replace(table(30));
    assertThat(slots.enter(routing, "web", Optional.empty(), 29)).isSameAs(slots.green());
    assertThat(slots.enter(routing, "web", Optional.empty(), 30)).isSameAs(slots.blue());
    assertThat(slots.enter(routing, "web", Optional.of(Color.GREEN), 99)).isSameAs(slots.green());
  }

  private void use() {
    while (!stop) {
      SlotTraffic slot = slots.enter(routing, "web", Optional.empty(), 50);
      if (slot == drained) {
        violations.incrementAndGet();
      }
      slot.leave();
    }
  }

  private static RoutingTable table(int green) {
    return new RoutingTable(new TrafficSplit(Map.of("web", green)), 1, Set.of());
  }

  private static SlotTraffic traffic(Color color) {
    Slot slot = new Slot("shop", WEB, color);
    return new SlotTraffic(slot, new EmbeddedMeter.Counter(), List.of());
  }
}
