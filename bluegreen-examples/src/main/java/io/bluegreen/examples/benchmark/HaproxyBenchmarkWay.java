package io.bluegreen.examples.benchmark;

import io.bluegreen.Color;
import io.bluegreen.Group;
import io.bluegreen.TimeSource;
import io.bluegreen.examples.demo.Cleanup;
import io.bluegreen.examples.demo.HaproxyProxy;
import io.bluegreen.examples.demo.SwitchMode;
import io.bluegreen.haproxy.HaproxyRouter;
import io.bluegreen.haproxy.RenderOptions;
import io.bluegreen.haproxy.RuntimeApi;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A way to switch two services behind HAProxy. It also keeps what was measured beside its switches:
 * after each switch and under the same load, bare round trips and a bare replacement of a file; and
 * what clients saw that ask both services one after the other.
 */
final class HaproxyBenchmarkWay implements SwitchContender {
  private final String label;
  private final SwitchMode mode;
  private final boolean shell;
  private final List<Duration> replacing = new ArrayList<>();
  private final List<Duration> asking = new ArrayList<>();
  private int commands;
  private @Nullable HaproxyBenchmarkPairs pairs;

  private HaproxyBenchmarkWay(String label, SwitchMode mode, boolean shell) {
    this.label = label;
    this.mode = mode;
    this.shell = shell;
  }

  static HaproxyBenchmarkWay map(String label) {
    return new HaproxyBenchmarkWay(label, SwitchMode.MAP, false);
  }

  static HaproxyBenchmarkWay server(String label) {
    return new HaproxyBenchmarkWay(label, SwitchMode.SERVER, false);
  }

  /** As scripts do it, in map mode. */
  static HaproxyBenchmarkWay shell(String label) {
    return new HaproxyBenchmarkWay(label, SwitchMode.MAP, true);
  }

  @Override
  public List<String> services() {
    return List.of("api", "web");
  }

  @Override
  public Switcher begin(Group group, Path directory, Cleanup begun, TimeSource time)
      throws IOException, InterruptedException {
    HaproxyProxy haproxy = begun.add(new HaproxyProxy(mode, RenderOptions.defaults(), time));
    HaproxyRouter router = haproxy.start(group, directory);
    Path record = haproxy.record(group, directory);
    if (!shell) {
      HaproxyBenchmarkBare bare = new HaproxyBenchmarkBare(directory, record, mode, time);
      return observed(new RouterSwitcher(router, group), Optional.of(bare), group, time);
    }
    router.close();
    RuntimeApi admin = HaproxyProxy.admin(directory);
    services().forEach(service -> admin.addMap(record, service, "0:0"));
    Switcher switcher =
        begun.add(new HaproxyBenchmarkShell(record, directory.resolve("admin.sock"), services()));
    return observed(switcher, Optional.empty(), group, time);
  }

  private Switcher observed(
      Switcher switcher, Optional<HaproxyBenchmarkBare> bare, Group group, TimeSource time) {
    HaproxyBenchmarkPairs watching = new HaproxyBenchmarkPairs(group, time);
    pairs = watching;
    return new Switcher() {
      @Override
      public void switchTo(Color color) throws Exception {
        watching.switching(color);
        switcher.switchTo(color);
        watching.switched();
      }

      @Override
      public void afterwards() throws Exception {
        if (bare.isPresent()) {
          // Each begins as a switch does, behind a pause.
          time.sleep(BenchmarkTrial.PAUSE);
          replacing.add(bare.get().replace());
          time.sleep(BenchmarkTrial.PAUSE);
          asking.add(bare.get().ask());
          commands = bare.get().commands();
        }
      }

      @Override
      public void close() {
        watching.close();
        switcher.close();
      }
    };
  }

  /** Says what was measured beside the switches. */
  List<String> lines(MeasuredSwitches figures) {
    List<String> lines = new ArrayList<>();
    if (pairs != null) {
      lines.add(label + ": " + pairs.summary());
    }
    if (!asking.isEmpty()) {
      double whole = MeasuredSwitches.millis(figures.median());
      double file = p50(replacing);
      double bare = p50(asking);
      lines.add(
          String.format(
              Locale.ROOT,
              "%s: p50 %.2f ms; a bare file with its fsyncs %.2f ms, the %d bare round trips that"
                  + " it needs %.2f ms (%.3f each); beyond the file %.1f times those",
              label,
              whole,
              file,
              commands,
              bare,
              bare / commands,
              (whole - file) / bare));
    }
    return lines;
  }

  private static double p50(List<Duration> all) {
    List<Duration> sorted = all.stream().sorted().toList();
    return MeasuredSwitches.millis(sorted.get((sorted.size() - 1) / 2));
  }

  @Override
  public String toString() {
    return label;
  }
}
