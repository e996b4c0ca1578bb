package io.bluegreen.nginx;

import io.bluegreen.RouterReport.Warning;
import io.bluegreen.support.Command;
import io.bluegreen.support.FileMode;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Finds out whether an nginx in a container reads the generated file from the folder that this
 * program sees. Where only the file itself is mounted, nginx goes on to see the file from before
 * when this program replaces it. A file of a random name is created in the folder for that, and
 * deleted at once; and nginx is asked for the configuration that it would read ({@code -T}).
 */
record SharedFolderCheck(NginxSettings settings, Path generated, StatusPage page) {
  static final String PAGE = "/bluegreen/sees";

  private static final Duration LIMIT = Duration.ofSeconds(10);
  private static final int NOT_FOUND = 404;

  /**
   * Checks it. Returns what could not be found out, if nginx was not told to tell.
   *
   * @throws io.bluegreen.RouterException if nginx does not read the file from the folder
   * @throws IOException if nginx does not answer
   */
  Optional<Warning> run() throws IOException {
    includes();
    String name = "%016x".formatted(ThreadLocalRandom.current().nextLong());
    Path file = settings.home.resolve(LiveDirectory.PROBE + name);
    try {
      FileMode.READABLE.createFile(file);
      StatusAnswer answer = page.get(PAGE + "?file=" + name);
      if (answer.status() == NOT_FOUND) {
        return Optional.of(
            new Warning(
                "whether nginx sees the folder " + settings.home + " is not known yet",
                "the next switch puts the page that tells it into the generated file; where nginx"
                    + " does not see that, the switch fails and is undone",
                Optional.empty()));
      }
      if (!answer.body().equals("yes")) {
        throw NginxRefusal.of("it does not see the files in " + settings.home, remedy(settings));
      }
      return Optional.empty();
    } catch (AccessDeniedException e) {
      throw NginxRefusal.of(
          "this program may not write to " + settings.home, "give the directory to its user");
    } finally {
      Files.deleteIfExists(file);
    }
  }

  /** Refuses a configuration that includes the generated file from elsewhere. */
  private void includes() throws IOException {
    if (settings.test.isPresent()) {
      return; // The command that has -T is not known then.
    }
    List<String> argv = new ArrayList<>(settings.nginx);
    argv.add("-T");
    NginxProgram program = new NginxProgram(argv);
    Command.Result result;
    try {
      result = program.run(LIMIT);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted");
    }
    Path seen = settings.asNginxSees().generated.orElseThrow();
    // Where it does not pass, or is too long to be kept whole, a switch that fails says so.
    boolean whole = result.ok() && result.output().length() < Command.OUTPUT_KEPT;
    if (whole && !result.output().contains("# configuration file " + seen + ":")) {
      throw NginxRefusal.of(
          "its configuration does not include " + seen + ", which is " + generated + " here",
          "let nginx.conf include " + seen + " by this path; " + remedy(settings));
    }
  }

  /** Returns what lets nginx see the files that this program sees. */
  static String remedy(NginxSettings settings) {
    String rights =
        "each directory on the way searchable by the user of its workers (mode 0755), and"
            + " disable_symlinks off";
    return settings
        .container
        .map(
            view ->
                "mount the folder "
                    + settings.home
                    + " at "
                    + view.inside(settings.home)
                    + " in the container, and no single file of it, because that never changes"
                    + " there when it is replaced; then start the container again; "
                    + rights)
        .orElse(
            "nginx must see the same directory: with the path of renderConfig(group), not in a"
                + " chroot, not under /tmp where systemd gives it another one (PrivateTmp), "
                + rights
                + "; an nginx in a container has to be named with inContainer(...)");
  }
}
