package io.bluegreen.nginx;

import static org.assertj.core.api.Assertions.assertThat;

import io.bluegreen.Color;
import io.bluegreen.Switch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.AnnotatedElementContext;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.io.TempDirFactory;

@Tag("long")
class LiveScaleTest {
  /** More than a hundred times as many as are kept; ten thousand show nothing else. */
  private static final int SWITCHES = Integer.getInteger("switches", 1_000);

  @TempDir Path temp;

  @TempDir(factory = InMemory.class)
  Path memory;

  @Test
  void manySwitchesLeaveABoundedDirectory() throws Exception {
    // In memory, because nothing is proven by a thousand times fsync.
    Path state = RealNginx.open(memory).resolve("state");
    NginxRouter router = NginxRouter.live(state);
    try (NginxShop shop = new NginxShop("web");
        RealNginx nginx = new RealNginx(router.renderConfig(shop.group).write());
        router) {
      router.open(shop.opening());
      int[] percents = {0, 100, 5, 50};
      long most = 0;
      for (int i = 1; i <= SWITCHES; i++) {
        int from = i == 1 ? 0 : percents[(i - 1) % percents.length];
        int to = percents[i % percents.length];
        router.apply(
            NginxShop.change(
                shop.all(Color.BLUE).with("web", Color.GREEN, from),
                shop.all(Color.BLUE).with("web", Color.GREEN, to),
                i,
                1));
        if (i % 99 == 0) {
          most = Math.max(most, files(state));
        }
      }
      assertThat(nginx.workers()).isNotEmpty();
      // Eight generations of two files, four templates, and what nginx itself has there.
      assertThat(most).isLessThan(8 * 3 + 155 + 5 + 20);
      assertThat(generations(state))
          .contains("gen-" + (SWITCHES - 1), "gen-" + SWITCHES)
          .hasSizeLessThan(9);
    }
  }

  @Test
  void hundredServicesMoveAtOnceInHardlyMoreTime() throws Exception {
    List<Long> curve = new ArrayList<>();
    for (int services : new int[] {1, 10, 100}) {
      curve.add(medianMicros(services));
    }
    System.out.println("CURVE of a switch of 1, 10, 100 services in microseconds: " + curve);
    assertThat(curve.get(2)).isLessThan(curve.get(0) * 10);
  }

  private long medianMicros(int services) throws Exception {
    Path state = RealNginx.open(temp).resolve("state" + services);
    NginxRouter router = NginxRouter.live(state);
    String[] names = IntStream.range(0, services).mapToObj(i -> "s" + i).toArray(String[]::new);
    try (NginxShop shop = new NginxShop(names);
        RealNginx nginx = new RealNginx(router.renderConfig(shop.group).write());
        router) {
      router.open(shop.opening());
      List<Long> times = new ArrayList<>();
      for (int i = 0; i < 40; i++) {
        Switch change = shop.to(router, shop.all(i % 2 == 0 ? Color.GREEN : Color.BLUE));
        long start = System.nanoTime();
        router.apply(change);
        times.add((System.nanoTime() - start) / 1_000);
        String expected = i % 2 == 0 ? "green" : "blue";
        assertThat(shop.ask(names[0])).isEqualTo(expected);
        assertThat(shop.ask(names[services - 1])).isEqualTo(expected);
      }
      assertThat(nginx.workers()).isNotEmpty();
      return times.stream().sorted().skip(20).findFirst().orElseThrow();
    }
  }

  static final class InMemory implements TempDirFactory {
    @Override
    public Path createTempDirectory(AnnotatedElementContext element, ExtensionContext context)
        throws IOException {
      return Files.createTempDirectory(Path.of("/dev/shm"), "nginx");
    }
  }

  private static long files(Path directory) throws Exception {
    try (var files = Files.walk(directory)) {
      return files.count();
    }
  }

  private static List<String> generations(Path state) throws Exception {
    try (var files = Files.list(state)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.startsWith("gen-"))
          .toList();
    }
  }
}
