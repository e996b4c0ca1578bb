package io.bluegreen.haproxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.bluegreen.TimeSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** In a container a process is known by its start, because each start has the same ids. */
class SameProcessTest {
  private static final String WORKERS =
      "#<PID> <type> <reloads> <uptime> <version>\n"
          + "1 master 0 0d00h00m00s 2.6.12\n"
          + "# workers\n"
          + "7 worker 0 0d00h00m00s 2.6.12\n"
          + "# old workers\n\n";

  private final AtomicReference<String> start = new AtomicReference<>("1796102553.633174");

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void restartBetweenTwoLooksIsSeen(boolean withMaster) throws Exception {
    try (ScriptedSocket admin = new ScriptedSocket(this::reply);
        ScriptedSocket socket = new ScriptedSocket(this::reply);
        TimeSource time = TimeSource.system()) {
      Optional<MasterApi> master =
          withMaster ? Optional.of(MasterApi.unix(socket.socket())) : Optional.empty();
      RunningHaproxy proxy = new RunningHaproxy(admin.api(), master, true, time);
      SettledWorkers before = proxy.settled(proxy.limit());
      assertThat(proxy.stillAt(before, proxy.limit())).isTrue();
      start.set("1796102553.933174");
      assertThat(proxy.stillAt(before, proxy.limit())).isFalse();
      assertThat(proxy.stillAt(proxy.settled(proxy.limit()), proxy.limit())).isTrue();
    }
  }

  /** The first worker may have ended while the master was asked for it. */
  @Test
  void workerThatTheMasterDoesNotKnowIsAnother() throws Exception {
    try (ScriptedSocket admin = new ScriptedSocket(this::reply);
        ScriptedSocket master =
            new ScriptedSocket(
                command ->
                    command.equals("show proc")
                        ? WORKERS
                        : "Can't find the target PID matching the prefix '@!7'\n");
        TimeSource time = TimeSource.system()) {
      RunningHaproxy proxy =
          new RunningHaproxy(admin.api(), Optional.of(MasterApi.unix(master.socket())), true, time);
      SettledWorkers before = proxy.settled(proxy.limit());
      assertThat(proxy.stillAt(before, proxy.limit())).isFalse();
    }
  }

  @Test
  void processThatDoesNotTellItsStartIsKnownByNothing() {
    ProcessInfo untold = new ProcessInfo(Map.of("Pid", "7", "Version", "2.6.12"));
    assertThat(untold.isOfProcess(untold)).isFalse();
  }

  private String reply(String command) {
    return command.equals("show proc")
        ? WORKERS
        : "Name: HAProxy\nVersion: 2.6.12\nPid: 7\nStart_time_sec: " + start.get() + "\n\n";
  }
}
