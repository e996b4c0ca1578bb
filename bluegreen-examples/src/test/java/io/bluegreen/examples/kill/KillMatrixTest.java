package io.bluegreen.examples.kill;

import static org.assertj.core.api.Assertions.assertThat;

import io.bluegreen.TimeSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Kills hosts with signal 9 before, inside and after each effect, and checks what the next host
 * finds and does. The quick form kills one host of each story on one router, by a seed: at a point,
 * or in every other story at a random time; and of the two stories about a background service, and
 * of the four about an adoption, it takes one. System properties change that:
 *
 * <ul>
 *   <li>{@code bluegreen.kill=full} takes all points of all stories on all routers
 *   <li>{@code bluegreen.kill.points=12} takes so many of each story on each router, by the seed
 *   <li>{@code bluegreen.kill.seed=4711} takes the same ones again
 *   <li>{@code bluegreen.kill.routers=NGINX_LIVE,EMBEDDED} and {@code
 *       bluegreen.kill.stories=GRADUAL} take these only
 *   <li>{@code "bluegreen.kill.point=AFTER 1 router.apply"} takes this one only
 * </ul>
 */
@Tag("long")
class KillMatrixTest {
  private static final boolean FULL = System.getProperty("bluegreen.kill", "quick").equals("full");
  private static final long SEED = Long.getLong("bluegreen.kill.seed", System.nanoTime() % 100_000);
  private static final String ROUTINGS = System.getProperty("bluegreen.kill.routers", "");
  private static final String STORIES = System.getProperty("bluegreen.kill.stories", "");
  private static final int POINTS =
      Integer.getInteger("bluegreen.kill.points", FULL ? Integer.MAX_VALUE : 1);
  private static final String POINT = System.getProperty("bluegreen.kill.point", "");

  @Test
  void whereverAHostIsKilledTheNextOneServesWhatHasToBeServedAndNothingIsLost() throws Exception {
    System.out.println("kill matrix, " + (FULL ? "full" : "quick") + ", seed " + SEED);
    List<KillMatrix.Row> rows = new ArrayList<>();
    try (TimeSource time = TimeSource.system()) {
      for (Routing routing : Routing.values()) {
        for (KilledStory story : KilledStory.values()) {
          if (chosen(routing, story)) {
            rows.addAll(tried(routing, story, time));
          }
        }
      }
    }
    summary(rows).forEach((what, count) -> System.out.printf("%4d %s%n", count, what));
    long wrong = rows.stream().filter(row -> !row.wrong().isEmpty()).count();
    System.out.println(rows.size() + " hosts were killed, " + wrong + " wrong, seed " + SEED);
    assertThat(rows).isNotEmpty();
    assertThat(rows.stream().filter(row -> !row.wrong().isEmpty())).as("seed %s", SEED).isEmpty();
  }

  private static List<KillMatrix.Row> tried(Routing routing, KilledStory story, TimeSource time)
      throws Exception {
    Random random = new Random(SEED * 31 + routing.ordinal() * 7L + story.ordinal());
    try (KillMatrix matrix = new KillMatrix(routing, story, random, System.out, time)) {
      List<KillPoint> points = matrix.learn();
      List<KillPoint> chosen =
          POINT.isEmpty() ? matrix.some(points, points(story)) : List.of(KillPoint.of(POINT));
      for (KillPoint point : chosen) {
        matrix.kill(point);
      }
      for (int i = 0; i < randomTimes(story); i++) {
        matrix.kill();
      }
      return matrix.rows();
    }
  }

  private static int points(KilledStory story) {
    return POINTS - (POINTS == 1 ? randomTimes(story) : 0);
  }

  private static int randomTimes(KilledStory story) {
    int few = (int) ((story.ordinal() + SEED) % 2);
    return POINT.isEmpty() ? Math.max(few, Math.min(4, POINTS / 4)) : 0;
  }

  /** Returns how often each result was found in each story on each router. */
  private static Map<String, Integer> summary(List<KillMatrix.Row> rows) {
    Map<String, Integer> summary = new LinkedHashMap<>();
    rows.forEach(
        row ->
            summary.merge(
                String.format("%-14s %-13s %s", row.routing(), row.story(), row.result()),
                1,
                Integer::sum));
    return summary;
  }

  private static boolean chosen(Routing routing, KilledStory story) {
    boolean named =
        (ROUTINGS.isEmpty() || List.of(ROUTINGS.split(",")).contains(routing.name()))
            && (STORIES.isEmpty() || List.of(STORIES.split(",")).contains(story.name()));
    boolean turn = (story.ordinal() + SEED) % Routing.values().length == routing.ordinal();
    boolean other = STORIES.isEmpty() && (story.ordinal() + SEED) % alike(story) != 0;
    return named && (FULL || !ROUTINGS.isEmpty() || (turn && !other));
  }

  /** Returns how many stories are so much alike that the quick form takes one of them. */
  private static int alike(KilledStory story) {
    return switch (story) {
      case BACKGROUND, HANDING_BACK -> 2;
      case ADOPTING, AFTER_ADOPTION, REPLACING, NOT_ADOPTED -> 4;
      default -> 1;
    };
  }
}
