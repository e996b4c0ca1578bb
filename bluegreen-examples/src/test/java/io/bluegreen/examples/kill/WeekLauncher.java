package io.bluegreen.examples.kill;

import static org.awaitility.Awaitility.await;

import io.bluegreen.Color;
import io.bluegreen.Group;
import io.bluegreen.Launcher;
import io.bluegreen.Service;
import io.bluegreen.launch.CommandLauncher;
import io.bluegreen.support.Template;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The ways in which production runs before the library comes, each with the launcher for it. */
enum WeekLauncher {
  /** A process that somebody has started by hand. */
  PROCESS,
  /** Scripts that start, stop, and tell. */
  COMMAND;

  /** Returns where applications of a group are started, in a directory of their own. */
  Started in(Path directory, Group group) throws IOException {
    return new Started(this, directory, group);
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The applications of one machine. */
  static final class Started implements AutoCloseable {
    private final WeekLauncher kind;
    private final Path directory;
    private final Group group;

    Started(WeekLauncher kind, Path directory, Group group) throws IOException {
      this.kind = kind;
      this.directory = directory;
      this.group = group;
      script(
          "start",
          "cd '" + directory + "'",
          "setsid " + command() + " \"$2\" >\"$1.log\" 2>&1 </dev/null &",
          "echo $! >\"$1.pid\"");
      script("stop", "kill \"$(cat '" + directory + "'/\"$1.pid\")\" 2>/dev/null", "exit 0");
      script(
          "status",
          "p=$(cat '" + directory + "'/\"$1.pid\" 2>/dev/null) || exit 3",
          "grep -q '^State:.[^Z]' \"/proc/$p/status\" 2>/dev/null || exit 3");
    }

    private static String command() {
      return "'"
          + Path.of(System.getProperty("java.home"), "bin", "java")
          + "' -Xmx64m -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -XX:-UsePerfData"
          + " -Dsun.net.httpserver.nodelay=true -cp '"
          + System.getProperty("java.class.path")
          + "' "
          + KillApplication.class.getName();
    }

    private void script(String name, String... lines) throws IOException {
      Files.writeString(directory.resolve(name + ".sh"), String.join("\n", lines) + "\n");
    }

    private List<String> call(String script, String... arguments) {
      List<String> argv = new ArrayList<>(List.of("sh"));
      argv.add(Template.literal(directory.resolve(script + ".sh").toString()));
      argv.addAll(List.of(arguments));
      return argv;
    }

    /** Returns the launcher that takes over what was started by hand. */
    Launcher launcher() {
      return switch (kind) {
        case PROCESS -> KillApplication.launcher(directory).adoptingProcesses();
        case COMMAND ->
            CommandLauncher.of(
                call("start", "{service}-{color}", "{port}"),
                call("stop", "{service}-{color}"),
                call("status", "{service}-{color}"));
      };
    }

    /** Starts an application as a person would, and returns when it answers. */
    void byHand(String service, Color color, String version) throws Exception {
      URI endpoint = group.service(service).endpoints(color).get(0);
      ProcessBuilder start =
          new ProcessBuilder(
              "sh",
              directory.resolve("start.sh").toString(),
              service + "-" + color.label(),
              String.valueOf(endpoint.getPort()));
      start.environment().put("BLUEGREEN_SERVICE", service);
      start.environment().put("BLUEGREEN_GROUP", group.name());
      start.environment().put("BLUEGREEN_COLOR", color.label());
      start.environment().put("BLUEGREEN_VERSION", version);
      start.inheritIO().start().waitFor();
      await().atMost(Duration.ofSeconds(30)).until(() -> answers(endpoint));
    }

    private static boolean answers(URI endpoint) {
      try {
        HttpURLConnection connection = (HttpURLConnection) endpoint.toURL().openConnection();
        connection.setConnectTimeout(1_000);
        connection.setReadTimeout(1_000);
        return connection.getResponseCode() == 200;
      } catch (IOException notYet) {
        return false;
      }
    }

    /** Returns the process that was started last, by hand or by a script. */
    long pid(String service, Color color) throws IOException {
      return Long.parseLong(Files.readString(pidFile(service, color)).strip());
    }

    private Path pidFile(String service, Color color) {
      return directory.resolve(service + "-" + color.label() + ".pid");
    }

    /** Ends what runs, whoever started it. */
    @Override
    public void close() throws IOException {
      for (Service service : group.services()) {
        for (Color color : Color.values()) {
          if (Files.exists(pidFile(service.name(), color))) {
            ProcessHandle.of(pid(service.name(), color)).ifPresent(ProcessHandle::destroyForcibly);
          }
        }
      }
    }
  }
}
