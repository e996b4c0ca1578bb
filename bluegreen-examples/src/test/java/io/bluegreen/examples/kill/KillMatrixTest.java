package io.bluegreen.examples.kill;

import static org.assertj.core.api.Assertions.assertThat;

import io.bluegreen.TimeSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Hosts are killed with signal 9 before, inside and after what they do, and the next one finds the
 * one thing that has to be so. The quick form takes some points of each story on one router each,
 * by a seed; {@code -Dbluegreen.kill=full} takes all of them on all routers.
 */
class KillMatrixTest {
  private static final String WHAT = System.getProperty("bluegreen.kill", "quick");
  private static final long SEED = Long.getLong("bluegreen.kill.seed", System.nanoTime() % 100_000);
  private static final String ROUTINGS = System.getProperty("bluegreen.kill.routers", "");
  private static final String STORIES = System.getProperty("bluegreen.kill.stories", "");
  private static final int POINTS = Integer.getInteger("bluegreen.kill.points", 3);

  @Test
  void whereverAHostIsKilledTheNextOneServesWhatHasToBeServedAndNothingIsLost() throws Exception {
    System.out.println("kill matrix, " + WHAT + ", seed " + SEED);
    List<KillMatrix.Row> rows = new ArrayList<>();
    try (TimeSource time = TimeSource.system()) {
      for (Routing routing : Routing.values()) {
        for (Story story : Story.values()) {
          if (chosen(routing, story)) {
            rows.addAll(tried(routing, story, time));
          }
        }
      }
    }
    System.out.println(rows.size() + " hosts were killed, seed " + SEED);
    assertThat(rows).isNotEmpty();
    assertThat(rows.stream().filter(row -> !row.wrong().isEmpty())).as("seed %s", SEED).isEmpty();
  }

  private static List<KillMatrix.Row> tried(Routing routing, Story story, TimeSource time)
      throws Exception {
    Random random = new Random(SEED * 31 + routing.ordinal() * 7L + story.ordinal());
    try (KillMatrix matrix = new KillMatrix(routing, story, random, System.out, time)) {
      List<Point> points = matrix.learn();
      boolean full = WHAT.equals("full");
      for (Point point : full ? points : KillMatrix.some(points, POINTS, random)) {
        matrix.kill(point);
      }
      for (int i = 0; i < (full ? 10 : 1); i++) {
        matrix.kill();
      }
      return matrix.rows();
    }
  }

  private static boolean chosen(Routing routing, Story story) {
    boolean named =
        (ROUTINGS.isEmpty() || List.of(ROUTINGS.split(",")).contains(routing.name()))
            && (STORIES.isEmpty() || List.of(STORIES.split(",")).contains(story.name()));
    boolean turn = (story.ordinal() + SEED) % Routing.values().length == routing.ordinal();
    return named && (turn || WHAT.equals("full") || !ROUTINGS.isEmpty());
  }
}
