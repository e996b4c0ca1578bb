package io.bluegreen.haproxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.bluegreen.Color;
import io.bluegreen.Slot;
import io.bluegreen.Switch;
import io.bluegreen.TrafficMeter;
import io.bluegreen.TrafficSplit;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A share is what it says; a user that has seen green goes on seeing it while it rises. */
@Tag("long")
class SplitAccuracyTest {
  private static final int USERS = 8_000;
  private static final int THROWS = 8_000;

  /** Ten times the turn that HAProxy's weights take. */
  private static final int TURNS = 2_560;

  private static final int[] PERCENTS = {1, 25, 50, 90, 100};

  @Test
  void sharesAreWithinAPointAndCohortsAreNeverSentBack() throws Exception {
    try (RenderedGroup stage =
            new RenderedGroup(RenderOptions.defaults().stickyCookie("sid"), "web");
        BrowserClient web = new BrowserClient(stage.door("web"), true)) {
      HaproxyRouter router = stage.opened();
      TrafficSplit now = stage.all(Color.BLUE);
      Set<Integer> green = new HashSet<>();
      for (int percent : PERCENTS) {
        TrafficSplit next = stage.split(percent);
        router.apply(stage.change(now, next));
        now = next;
        Set<Integer> seen = new HashSet<>();
        for (int user = 0; user < USERS; user++) {
          if (web.get("Cookie: sid=user" + user).equals("web green")) {
            seen.add(user);
          }
        }
        // The same users each time, and a hash: this is no matter of chance.
        assertThat(100.0 * seen.size() / USERS).isCloseTo(percent, within(1.0));
        assertThat(seen).containsAll(green);
        green = seen;
      }
    }
  }

  @Test
  void sharesOfServerModeAreWithinAPoint() throws Exception {
    try (ServerProxy proxy = new ServerProxy(2);
        HaproxyRouter router = proxy.router();
        BrowserClient web =
            new BrowserClient(
                proxy.group().service("web").frontDoor().orElseThrow().getPort(), true)) {
      router.open(new io.bluegreen.Router.Opening(proxy.group(), Optional.empty(), 0));
      TrafficSplit now = TrafficSplit.all(proxy.group(), Color.BLUE);
      long generation = 0;
      for (int percent : PERCENTS) {
        TrafficSplit next = now.with("web", Color.GREEN, percent);
        generation++;
        router.apply(new Switch(now, next, generation, "d", 1, RenderedGroup.WITHIN));
        now = next;
        int green = 0;
        for (int i = 0; i < TURNS; i++) {
          green += web.get().equals("green") ? 1 : 0;
        }
        // The weights are taken in turns: this is no matter of chance.
        assertThat(100.0 * green / TURNS).isCloseTo(percent, within(1.0));
      }
    }
  }

  @Test
  void usersWithoutACookieAreSentByChance() throws Exception {
    try (RenderedGroup stage = new RenderedGroup(RenderOptions.defaults(), "web");
        BrowserClient web = new BrowserClient(stage.door("web"), true)) {
      HaproxyRouter router = stage.opened();
      router.apply(stage.change(stage.all(Color.BLUE), stage.split(25)));
      int green = 0;
      for (int i = 0; i < THROWS; i++) {
        green += web.get().equals("web green") ? 1 : 0;
      }
      // Five standard deviations of 8,000 throws.
      assertThat(100.0 * green / THROWS).isCloseTo(25, within(2.45));
    }
  }

  @Test
  void aTrustedClientPreviewsAColourAndADirectPortReachesOneAndNeitherIsCounted() throws Exception {
    int direct = RealHaproxy.freePort();
    RenderOptions options =
        RenderOptions.defaults()
            .preview("X-Preview-Colour", "127.0.0.0/8")
            .direct("web", Color.GREEN, "127.0.0.1:" + direct);
    try (RenderedGroup stage = new RenderedGroup(options, "web");
        BrowserClient web = new BrowserClient(stage.door("web"), true);
        BrowserClient green = new BrowserClient(direct, true)) {
      TrafficMeter meter = stage.opened().meter().orElseThrow();
      assertThat(web.get()).isEqualTo("web blue");
      assertThat(web.get("X-Preview-Colour: green")).isEqualTo("web green");
      assertThat(web.get("X-Preview-Colour: evil")).isEqualTo("web blue");
      assertThat(green.get()).isEqualTo("web green");
      Slot blue = stage.group.slot("web", Color.BLUE);
      assertThat(meter.read().slots().get(blue).requests()).isEqualTo(2);
      assertThat(meter.read().slots().get(blue.other())).isEqualTo(TrafficMeter.Count.ZERO);
    }
    try (RenderedGroup stage =
            new RenderedGroup(
                RenderOptions.defaults().preview("X-Preview-Colour", "10.0.0.0/8"), "web");
        BrowserClient web = new BrowserClient(stage.door("web"), true)) {
      assertThat(web.get("X-Preview-Colour: green")).isEqualTo("web blue");
    }
  }
}
