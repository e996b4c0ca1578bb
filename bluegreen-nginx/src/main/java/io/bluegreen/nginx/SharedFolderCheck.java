package io.bluegreen.nginx;

import io.bluegreen.support.FileMode;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Finds out whether an nginx in a container sees the folder of the generated file. If only the file
 * itself is mounted, nginx still sees the former file after this program has replaced it. The check
 * creates a file of a random name in the folder, asks nginx whether it is there, and deletes it at
 * once.
 */
record SharedFolderCheck(NginxSettings settings, StatusPage page) {
  static final String PAGE = "/bluegreen/sees";

  /**
   * Checks that nginx sees the folder.
   *
   * @throws io.bluegreen.RouterException if nginx does not see the folder
   * @throws IOException if nginx does not answer
   */
  void run() throws IOException {
    String name = "%016x".formatted(ThreadLocalRandom.current().nextLong());
    Path file = settings.home.resolve(LiveDirectory.PROBE + name);
    try {
      FileMode.READABLE.createFile(file);
      StatusAnswer answer = page.get(PAGE + "?file=" + name);
      if (!answer.ok()) {
        throw NginxRefusal.of(
            "it can't be asked whether it sees "
                + settings.home
                + " (HTTP "
                + answer.status()
                + ")",
            "render the generated file again with inContainer(...) named, and reload nginx once");
      }
      if (!answer.body().equals("yes")) {
        throw NginxRefusal.of("it does not see the files in " + settings.home, remedy(settings));
      }
    } catch (AccessDeniedException e) {
      throw NginxRefusal.of(
          "this program may not write to " + settings.home, "give the directory to its user");
    } finally {
      Files.deleteIfExists(file);
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
