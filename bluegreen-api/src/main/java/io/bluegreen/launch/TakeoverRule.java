package io.bluegreen.launch;

import io.bluegreen.support.Text;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Which processes are never taken over, as a table: what is looked for, and what to do instead. It
 * is asked before a process is taken over, and again before each signal to one that was.
 *
 * @param look what is looked for
 * @param remedy what to do instead
 */
record TakeoverRule(Look look, String remedy) {
  private static final String BEHIND =
      "use CommandLauncher with the commands that start and stop what is behind it";

  private static final List<TakeoverRule> ALL =
      List.of(
          // The machine or the container ends with it.
          new TakeoverRule(
              TakeoverRule::firstProcess,
              "use CommandLauncher with the commands that start and stop this container"),
          // It could not stop it and go on.
          new TakeoverRule(
              TakeoverRule::thisProgram, "run this program outside of what it is to stop"),
          // Only its user may say what becomes of it.
          new TakeoverRule(
              TakeoverRule::otherUser,
              "run this program as that user, or use CommandLauncher with commands that may stop"
                  + " it"),
          // Its number counts elsewhere, and what started it there may start it again.
          new TakeoverRule(
              TakeoverRule::otherNamespace,
              "use CommandLauncher with the commands of its container"),
          // What serves is behind it.
          new TakeoverRule(TakeoverRule::forwarder, BEHIND),
          // The service manager would start it again, or report a failure.
          new TakeoverRule(
              TakeoverRule::unit, "use CommandLauncher with systemctl, of a user with --user"),
          // What runs the container would start it again.
          new TakeoverRule(
              TakeoverRule::container, "use CommandLauncher with the commands of its container"),
          // That program would start it again.
          new TakeoverRule(
              TakeoverRule::supervisor, "use CommandLauncher with the commands of that program"),
          // Two slots would own one process.
          new TakeoverRule(TakeoverRule::otherSlot, "stop it there first"));

  private static final Set<String> FORWARDERS =
      words(
          """
          autossh chisel cloudflared com.docker.backend docker-proxy frpc gost gvproxy inetd
          kube-proxy kubectl limactl nc ncat passt passt.avx2 pasta pasta.avx2 redir rinetd
          rootlesskit rootlessport rootlessport-child simpleproxy slirp4netns socat ssh sshd
          sshd-session stunnel stunnel4 systemd-socket-proxyd telepresence vpnkit wslrelay.exe
          xinetd
          """);

  /** An emperor of uWSGI is called as its vassals are, and holds no socket. */
  private static final Set<String> SUPERVISORS =
      words(
          """
          Passenger PassengerAgent PM2 air bluepill circus circusd conmon containerd
          containerd-shim containerd-shim-runc-v1 containerd-shim-runc-v2 dockerd entr eye forever
          foreman god goreman hivemind honcho immortal lxc-start monit mprocs nodemon nomad overmind
          perpd pm2 process-compose runsv s6-supervise supervise supervise-daemon supervisor
          supervisord systemd-nspawn uwsgi watchexec watchmedo
          """);

  private static final Pattern UNITS = Pattern.compile("[^/]*\\.service");

  /** The user's own service manager: what runs below it may be a program of a session. */
  private static final Pattern USER_MANAGER = Pattern.compile("user@[0-9]+\\.service");

  private static final Pattern CONTAINERS =
      Pattern.compile(
          "docker|docker-.*|libpod.*|crio.*|cri-.*|kubepods.*|kubelet.*|lxc|lxc\\..*"
              + "|machine\\.slice|machine-.*|nerdctl.*|podman.*|buildkit.*|[0-9a-f]{64}");

  /** Says what was seen of a process that the rule is about. */
  interface Look {
    Optional<String> at(ProcessFacts facts) throws IOException;
  }

  /**
   * Says why a process is not taken over, and what to do instead; empty if it may be, or has ended.
   *
   * @param id of the launch as which it is, or is to be, taken over
   * @throws IOException if that can't be told of a process that runs
   */
  static Optional<String> objection(ProcessTable table, HostProcess process, LaunchId id)
      throws IOException {
    ProcessFacts facts = new ProcessFacts(table, process, id);
    try {
      for (TakeoverRule rule : ALL) {
        Optional<String> seen = rule.look.at(facts);
        if (seen.isPresent()) {
          return seen.map(what -> what + "; " + rule.remedy);
        }
      }
      return Optional.empty();
    } catch (IOException e) {
      if (table.runs(process)) {
        throw e;
      }
      return Optional.empty();
    }
  }

  /** Says that a process forwards to what runs elsewhere, if that is what it is known for. */
  static Optional<String> forwards(ProcessTable table, long pid) {
    return known(FORWARDERS, table, pid)
        .map(name -> name + " forwards to what runs elsewhere; " + BEHIND);
  }

  private static Optional<String> firstProcess(ProcessFacts facts) {
    return facts.pid() == 1 ? Optional.of("it is the first process here") : Optional.empty();
  }

  private static Optional<String> thisProgram(ProcessFacts facts) throws IOException {
    long own = ProcessHandle.current().pid();
    if (facts.pid() == own) {
      return Optional.of("it is this program itself");
    }
    return ProcessFacts.ancestors(facts.table(), own).contains(facts.pid())
        ? Optional.of("this program runs below it")
        : Optional.empty();
  }

  private static Optional<String> otherUser(ProcessFacts facts) throws IOException {
    Optional<Integer> user = facts.user();
    return user.equals(Optional.of(facts.table().ownUser()))
        ? Optional.empty()
        : Optional.of("it belongs to " + user.map(u -> "user " + u).orElse("several users"));
  }

  private static Optional<String> otherNamespace(ProcessFacts facts) throws IOException {
    return facts.namespace().equals(facts.table().namespace())
        ? Optional.empty()
        : Optional.of("it runs in another PID namespace, such as a container's");
  }

  private static Optional<String> forwarder(ProcessFacts facts) {
    return known(FORWARDERS, facts.table(), facts.pid())
        .map(name -> name + " forwards to what runs elsewhere");
  }

  /** A unit that this JVM is in, too, is no reason: that is not what runs the other process. */
  private static Optional<String> unit(ProcessFacts facts) throws IOException {
    for (String path : facts.controlGroups()) {
      String above = "";
      for (String part : path.split("/", -1)) {
        above += part + "/";
        String unit = above;
        if (UNITS.matcher(part).matches()
            && !USER_MANAGER.matcher(part).matches()
            && facts.ownControlGroups().stream().noneMatch(own -> (own + "/").startsWith(unit))) {
          return Optional.of(
              "the unit " + Text.clean(part, 60) + " runs it, and systemd may start it again");
        }
      }
    }
    return Optional.empty();
  }

  /** In one container with this JVM it is seen by a group that one of the two is below. */
  private static Optional<String> container(ProcessFacts facts) throws IOException {
    for (String path : facts.controlGroups()) {
      boolean together =
          facts.ownControlGroups().stream()
              .anyMatch(
                  own -> (own + "/").startsWith(path + "/") || (path + "/").startsWith(own + "/"));
      Optional<String> container =
          Stream.of(path.split("/", -1))
              .filter(part -> CONTAINERS.matcher(part).matches())
              .findFirst();
      if (container.isPresent() && !together) {
        return container.map(
            part -> "it runs in a container (control group " + Text.clean(part, 60) + ")");
      }
    }
    return Optional.empty();
  }

  private static Optional<String> supervisor(ProcessFacts facts) throws IOException {
    for (long ancestor : facts.ancestors()) {
      if (ancestor == ProcessHandle.current().pid()) {
        return Optional.empty(); // What this program has started, nobody above it starts again.
      }
      Optional<String> known = known(SUPERVISORS, facts.table(), ancestor);
      if (known.isPresent()) {
        return Optional.of(known.get() + " (pid " + ancestor + ") runs it, and may start it again");
      }
    }
    return Optional.empty();
  }

  private static Optional<String> otherSlot(ProcessFacts facts) {
    Map<String, String> environment = facts.table().environment(facts.pid());
    return facts.id().isOfAnotherSlot(environment)
        ? Optional.of("it was launched for another slot")
        : Optional.empty();
  }

  private static Optional<String> known(Set<String> list, ProcessTable table, long pid) {
    Set<String> names = ProcessFacts.names(table, pid);
    return list.stream()
        .filter(one -> names.contains(one) || names.contains(ProcessFacts.cut(one)))
        .findFirst();
  }

  private static Set<String> words(String text) {
    return new TreeSet<>(List.of(text.strip().split("\\s+")));
  }
}
