package io.bluegreen.launch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bluegreen.Color;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Each rule, on a machine that is made up of files. */
class TakeoverRuleTest {
  private static final long OWN = ProcessHandle.current().pid();
  private static final String OWN_GROUP = "/system.slice/deploy.service";
  private static final LaunchId ID = new LaunchId("shop", "web", Color.GREEN, "t1");
  private static final long SHELL = 2_000_000_000;
  private static final long APP = 2_000_000_001;

  @TempDir Path proc;

  @BeforeEach
  void machine() throws IOException {
    process(1, 0, "systemd", "/init.scope");
    process(SHELL, 1, "bash", "/user.slice/user-1000.slice/session-3.scope");
    process(APP, SHELL, "java", "/user.slice/user-1000.slice/session-3.scope");
    process(OWN, 1, "java", OWN_GROUP);
    Files.createSymbolicLink(proc.resolve("self"), proc.resolve(Long.toString(OWN)));
  }

  @Test
  void processOfASessionIsTakenOver() throws Exception {
    assertThat(objection(APP)).isEmpty();
  }

  @Test
  void firstProcessIsRefused() throws Exception {
    assertThat(objection(1)).get().asString().contains("first process");
  }

  @Test
  void thisProgramAndWhatIsAboveItAreRefused() throws Exception {
    assertThat(objection(OWN)).get().asString().contains("this program itself");
    write(OWN, "stat", stat(OWN, APP, "java"));
    assertThat(objection(APP)).get().asString().contains("this program runs below it");
    assertThat(objection(SHELL)).get().asString().contains("this program runs below it");
  }

  @ParameterizedTest
  @CsvSource({"1001,1001,user 1001", "1000,0,several users"})
  void processOfAnotherUserIsRefused(int real, int effective, String who) throws Exception {
    write(APP, "status", status(real, effective));
    assertThat(objection(APP)).get().asString().contains("belongs to " + who, "as that user");
  }

  @Test
  void processOfAnotherPidNamespaceIsRefused() throws Exception {
    Files.delete(proc.resolve(APP + "/ns/pid"));
    Files.createSymbolicLink(proc.resolve(APP + "/ns/pid"), Path.of("pid:[2]"));
    assertThat(objection(APP)).get().asString().contains("another PID namespace");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/system.slice/shop.service",
        "/system.slice/shop.service/payload",
        "/user.slice/user-1000.slice/user@1000.service/app.slice/shop.service"
      })
  void unitIsLeftToSystemd(String group) throws Exception {
    write(APP, "cgroup", "1:name=systemd:/\n0::" + group + "\n");
    assertThat(objection(APP)).get().asString().contains("unit shop.service", "systemctl");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/docker/0123456789abcdef",
        "/system.slice/docker-0123456789abcdef.scope",
        "/machine.slice/libpod-0123456789abcdef.scope/container",
        "/user.slice/user-1000.slice/user@1000.service/user.slice/libpod-0123.scope",
        "/kubepods.slice/kubepods-burstable.slice/x",
        "/kubepods/besteffort/pod1/x",
        "/system.slice/cri-containerd-0123.scope",
        "/lxc.payload.shop",
        "/ecs/task/0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
        "/machine.slice/machine-shop.scope"
      })
  void containerIsLeftToItsRuntime(String group) throws Exception {
    write(APP, "cgroup", "4:memory:" + group + "\n0::/\n");
    assertThat(objection(APP)).get().asString().contains("in a container", "CommandLauncher");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        OWN_GROUP,
        OWN_GROUP + "/below",
        "/",
        "/user.slice/user-1000.slice/user@1000.service/app.slice/app-terminal.scope",
        "/user.slice/user-1000.slice/user@1000.service/init.scope"
      })
  void groupOfASessionOrOfThisProgramIsNoReason(String group) throws Exception {
    write(APP, "cgroup", "0::" + group + "\n");
    assertThat(objection(APP)).isEmpty();
  }

  /** In a container with it, this program sees what runs there as its own neighbour. */
  @Test
  void containerOfThisProgramIsNoReason() throws Exception {
    write(OWN, "cgroup", "0::/docker/0123\n");
    write(APP, "cgroup", "0::/docker/0123\n");
    assertThat(objection(APP)).isEmpty();
    write(APP, "cgroup", "0::/docker/0123/system.slice/shop.service\n");
    assertThat(objection(APP)).get().asString().contains("unit shop.service");
    write(APP, "cgroup", "0::/docker/4567\n");
    assertThat(objection(APP)).get().asString().contains("in a container");
  }

  @ParameterizedTest
  @CsvSource({
    "supervisord,,supervisord",
    "python3,/usr/bin/python3 /usr/bin/supervisord -n,supervisord",
    "python3,python3 -m circus.circusd,circus",
    "runsv,,runsv",
    "s6-supervise,,s6-supervise",
    "monit,,monit",
    "PM2 v5.3.0: God,,PM2",
    "node,node /usr/lib/node_modules/forever/bin/monitor x.js,forever",
    "node,node /srv/node_modules/nodemon/bin/nodemon.js x.js,nodemon",
    "ruby,ruby /usr/bin/foreman start,foreman",
    "containerd-shim,/usr/bin/containerd-shim-runc-v2 -id x,containerd-shim",
    "conmon,,conmon",
    "supervise-daemo,,supervise-daemon",
    "uwsgi,,uwsgi"
  })
  void processOfASupervisorIsRefused(String name, String arguments, String known) throws Exception {
    write(SHELL, "stat", stat(SHELL, 1, name));
    write(SHELL, "comm", name + "\n");
    write(SHELL, "cmdline", arguments == null ? "" : arguments.replace(' ', '\0'));
    assertThat(objection(APP))
        .get()
        .asString()
        .contains(known, "(pid " + SHELL + ")", "CommandLauncher");
  }

  @Test
  void childOfThisProgramIsTakenOverAlsoWhereASupervisorRunsThisProgram() throws Exception {
    write(SHELL, "comm", "supervisord\n");
    write(OWN, "stat", stat(OWN, SHELL, "java"));
    write(APP, "stat", stat(APP, OWN, "java"));
    assertThat(objection(APP)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "docker-proxy,",
    "rootlessport,",
    "rootlessport-ch,",
    "rootlesskit,",
    "slirp4netns,",
    "pasta.avx2,",
    "ssh,",
    "sshd,",
    "socat,",
    "kubectl,",
    "systemd-socket-,"
  })
  void forwarderIsRefused(String name) throws Exception {
    write(APP, "comm", name + "\n");
    assertThat(objection(APP)).get().asString().contains("forwards to what runs elsewhere");
  }

  @Test
  void markOfAnotherSlotIsRefused() throws Exception {
    String mark = "BLUEGREEN_TOKEN=t0\0BLUEGREEN_GROUP=shop\0BLUEGREEN_SERVICE=web\0";
    write(APP, "environ", mark + "BLUEGREEN_COLOR=blue\0");
    assertThat(objection(APP)).get().asString().contains("another slot");
    write(APP, "environ", mark + "BLUEGREEN_COLOR=green\0");
    assertThat(objection(APP)).isEmpty();
  }

  @Test
  void unreadableProcessIsRefusedUnlessItHasEnded() throws Exception {
    Files.delete(proc.resolve(APP + "/cgroup"));
    assertThatThrownBy(() -> objection(APP)).isInstanceOf(IOException.class);
    write(APP, "stat", stat(APP, SHELL, "java").replace(") S ", ") Z "));
    assertThat(objection(APP)).isEmpty();
  }

  private Optional<String> objection(long pid) throws IOException {
    return TakeoverRule.objection(new ProcessTable(proc), new HostProcess(pid, 777, 40), ID);
  }

  private void process(long pid, long parent, String name, String group) throws IOException {
    Path directory = Files.createDirectories(proc.resolve(Long.toString(pid)));
    Files.createSymbolicLink(
        Files.createDirectory(directory.resolve("ns")).resolve("pid"), Path.of("pid:[1]"));
    write(pid, "stat", stat(pid, parent, name));
    write(pid, "status", status(1000, 1000));
    write(pid, "comm", name + "\n");
    write(pid, "cmdline", name + "\0-Dpassword=secret\0");
    write(pid, "cgroup", "0::" + group + "\n");
    write(pid, "environ", "");
  }

  private void write(long pid, String file, String text) throws IOException {
    Files.writeString(proc.resolve(Long.toString(pid)).resolve(file), text);
  }

  private static String status(int real, int effective) {
    return "Name:\tx\nUid:\t" + real + "\t" + effective + "\t0\t0\nGid:\t0\t0\t0\t0\n";
  }

  private static String stat(long pid, long parent, String name) {
    return pid + " (" + name + ") S " + parent + " 30 40 0 -1 0 0 0 0 0 0 0 0 0 20 0 1 0 777 0 0\n";
  }
}
