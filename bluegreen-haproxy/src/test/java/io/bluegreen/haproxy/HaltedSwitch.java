package io.bluegreen.haproxy;

import io.bluegreen.Color;
import io.bluegreen.Group;
import io.bluegreen.Service;
import io.bluegreen.Slot;
import io.bluegreen.Switch;
import io.bluegreen.TimeSource;
import io.bluegreen.TrafficSplit;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** A process that moves a group from blue to green and is dead at one step, as by kill -9. */
final class HaltedSwitch {
  static final int HALTED = 137;

  private HaltedSwitch() {}

  public static void main(String[] args) {
    String step = args[0];
    Path dir = Path.of(args[1]);
    Group group =
        new Group(
            "shop",
            List.of(
                Service.named("api").blue("http://127.0.0.1:1").green("http://127.0.0.1:2"),
                Service.named("web").blue("http://127.0.0.1:3").green("http://127.0.0.1:4")));
    Scheme scheme = new Halting(new MapScheme(group, dir.resolve("shop.map")), step);
    Proxy proxy =
        new Proxy(
            RuntimeApi.unix(dir.resolve("admin.sock")),
            Optional.of(MasterApi.unix(dir.resolve("master.sock"))),
            TimeSource.system());
    Switch change =
        new Switch(
            TrafficSplit.all(group, Color.BLUE),
            TrafficSplit.all(group, Color.GREEN),
            1,
            "halted",
            1,
            Duration.ofSeconds(20));
    new SwitchRun(proxy, scheme, change).apply();
  }

  private static void at(String step, String wanted) {
    if (step.equals(wanted)) {
      Runtime.getRuntime().halt(HALTED);
    }
  }

  private record Halting(Scheme scheme, String step) implements Scheme {
    @Override
    public void check(RuntimeApi api, Findings findings) throws IOException {
      scheme.check(api, findings);
    }

    @Override
    public Served served(RuntimeApi worker) {
      return scheme.served(worker);
    }

    @Override
    public Served durable() throws IOException {
      return scheme.durable();
    }

    @Override
    public Group group() {
      return scheme.group();
    }

    @Override
    public Target target(Slot slot) {
      return scheme.target(slot);
    }

    @Override
    public Attempt attempt(Switch change, RuntimeApi api) throws IOException {
      Attempt attempt = scheme.attempt(change, api);
      return new Attempt() {
        @Override
        public void record() throws IOException {
          at(step, "before-record");
          attempt.record();
          at(step, "after-record");
        }

        @Override
        public void restore() throws IOException {
          attempt.restore();
        }

        @Override
        public void serve(RuntimeApi worker) {
          if (step.equals("before-commit")) {
            worker.maps().stream()
                .map(LoadedMap::file)
                .filter(file -> file.endsWith("shop.map"))
                .forEach(file -> worker.prepareMap(Path.of(file)));
            at(step, "before-commit");
          }
          attempt.serve(worker);
          at(step, "after-serve");
        }

        @Override
        public List<String> describe(RuntimeApi worker) {
          return attempt.describe(worker);
        }
      };
    }
  }
}
