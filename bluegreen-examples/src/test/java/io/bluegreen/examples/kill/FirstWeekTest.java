package io.bluegreen.examples.kill;

import static org.assertj.core.api.Assertions.assertThat;

import io.bluegreen.Color;
import io.bluegreen.TimeSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The first week on a system that serves already, with users all the time: production is adopted,
 * deployed beside, gone back to, and replaced. The quick form gives each router one launcher and
 * one colour, with the proxy here and some in a container; {@code -Dbluegreen.week=full} takes all
 * of them, with a background service beside, and again without one where production is adopted only
 * when it is in the way; {@code "-Dbluegreen.week.routers=nginx live,embedded"} takes these routers
 * only. At the end it prints what was counted in each step.
 */
@Tag("long")
class FirstWeekTest {
  private static final boolean FULL = System.getProperty("bluegreen.week", "").equals("full");
  private static final String ROUTERS = System.getProperty("bluegreen.week.routers", "");
  private static final WeekTable TABLE = new WeekTable();

  static List<FirstWeek.Kind> weeks() {
    List<FirstWeek.Kind> weeks = new ArrayList<>();
    for (WeekStand stand : WeekStand.all()) {
      for (WeekLauncher launcher : WeekLauncher.values()) {
        for (Color production : Color.values()) {
          // A router that nobody could switch before this manager came serves blue.
          boolean possible =
              (stand.outlivesItsManager() || production == Color.BLUE)
                  && (ROUTERS.isEmpty() || List.of(ROUTERS.split(",")).contains(stand.toString()));
          if (possible && FULL) {
            weeks.add(new FirstWeek.Kind(stand, launcher, production, true, true));
            weeks.add(new FirstWeek.Kind(stand, launcher, production, false, false));
          } else if (possible && hasTurn(stand, launcher, production)) {
            weeks.add(new FirstWeek.Kind(stand, launcher, production, false, true));
          }
        }
      }
    }
    return weeks;
  }

  /** Each launcher and colour has its turn; in a container one mode of each proxy has. */
  private static boolean hasTurn(WeekStand stand, WeekLauncher launcher, Color production) {
    int turn =
        stand instanceof WeekStand.InContainer contained
            ? switch (contained.routing()) {
              case NGINX_LIVE, HAPROXY_MAP -> contained.routing().ordinal() + 1;
              default -> -1;
            }
            : WeekStand.all().indexOf(stand);
    return launcher.ordinal() == turn % 2 && production.ordinal() == turn / 2 % 2;
  }

  @ParameterizedTest
  @MethodSource("weeks")
  void whatServesIsAdoptedAndReplacedAndNoUserNoticesIt(FirstWeek.Kind kind) throws Exception {
    try (TimeSource time = TimeSource.system();
        FirstWeek week = new FirstWeek(kind, time)) {
      Map<String, WeekTable.Cell> steps = week.live();
      TABLE.add(kind.stand() + ", " + kind.launcher(), steps);
      System.out.println(kind + ": " + steps);
      assertThat(steps.values()).as("%s", week.failures()).allMatch(WeekTable.Cell::isClean);
      assertThat(steps.values().stream().mapToLong(WeekTable.Cell::requests).sum())
          .isGreaterThan(100);
    }
  }

  @AfterAll
  static void print() {
    System.out.println("failed / stale / doubled\n" + TABLE.markdown());
  }
}
