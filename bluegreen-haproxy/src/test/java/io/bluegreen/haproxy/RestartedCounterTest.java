package io.bluegreen.haproxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.bluegreen.Color;
import io.bluegreen.Group;
import io.bluegreen.Service;
import io.bluegreen.TimeSource;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** In a container a HAProxy that was started again has the process ids of the one before. */
class RestartedCounterTest {
  private volatile int started = 1;
  private volatile int answers;

  @Test
  void processWithTheIdOfAnEarlierOneCountsFromZero() throws Exception {
    Group group =
        new Group(
            "shop",
            List.of(Service.named("web").blue("http://10.0.0.1:80").green("http://10.0.0.2:80")));
    try (ScriptedSocket haproxy = new ScriptedSocket(this::reply);
        TimeSource time = TimeSource.system()) {
      RunningHaproxy proxy = new RunningHaproxy(haproxy.api(), Optional.empty(), time);
      HaproxyMeter meter =
          new HaproxyMeter(proxy, new MapMode(group, new RecordFile(Path.of("/m"))), group);
      answers = 100;
      assertThat(requests(meter, group)).isEqualTo(100);
      started = 2;
      answers = 130; // more than the former process had counted
      assertThat(requests(meter, group)).isEqualTo(230);
      answers = 140;
      assertThat(requests(meter, group)).isEqualTo(240);
    }
  }

  private static long requests(HaproxyMeter meter, Group group) {
    return meter.read().slots().get(group.slot("web", Color.BLUE)).requests();
  }

  private String reply(String command) {
    return command.equals("show info float")
        ? "Name: HAProxy\nVersion: 2.6.12\nPid: 8\nStart_time_sec: " + started + "\n\n"
        : "# pxname,svname,hrsp_2xx,type\nweb_blue,BACKEND," + answers + ",1\n\n";
  }
}
