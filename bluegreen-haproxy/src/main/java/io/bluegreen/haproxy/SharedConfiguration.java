package io.bluegreen.haproxy;

import io.bluegreen.RouterGuarantee;
import io.bluegreen.RouterReport.Warning;
import io.bluegreen.haproxy.RuntimeApiException.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * Finds out whether a HAProxy in a container loads the configuration that is read here. A file that
 * is mounted by itself stays the former one there when an editor replaces it here. So it has to lie
 * in the folder of the record, which {@link SharedFolder} proves to be the same one there, and
 * HAProxy has to tell that it has loaded it from there.
 *
 * @param file the record
 * @param configuration the configuration's path as this program sees it
 */
record SharedConfiguration(RecordFile file, Path configuration) {
  private static final Set<Kind> UNTOLD = Set.of(Kind.REFUSED, Kind.NOT_UNDERSTOOD);

  /** Returns why that is not proven, and what to change; empty if it is. */
  Optional<Warning> unproven(RuntimeApi api) {
    return reason(api)
        .map(
            why ->
                new Warning(
                    "HAProxy runs in a container, and it is not proven that the configuration which"
                        + " it loads is "
                        + configuration
                        + ", because "
                        + why
                        + "; so nobody knows whether it loads "
                        + file.loaded(),
                    remedy(),
                    Optional.of(RouterGuarantee.RELOAD_SAFE)));
  }

  private Optional<String> reason(RuntimeApi api) {
    Path inside;
    try {
      Path folder = SharedFolder.folder(file.path()).toRealPath();
      Path real = SharedFolder.folder(configuration).toRealPath();
      if (!real.startsWith(folder) || Files.isSymbolicLink(configuration)) {
        return Optional.of(
            "it is a link, or not in the folder "
                + folder
                + ", and a file that is mounted by itself stays the former one there when it is"
                + " replaced here");
      }
      inside =
          SharedFolder.folder(file.loaded())
              .resolve(folder.relativize(real))
              .resolve(configuration.getFileName())
              .normalize();
    } catch (IOException e) {
      return Optional.of("its folder can't be looked up: " + e);
    }
    try {
      List<String> loaded = api.paths().configurations();
      return loaded.stream().anyMatch(name -> isSame(Path.of(name), inside))
          ? Optional.empty()
          : Optional.of(
              "there it is "
                  + inside
                  + ", but HAProxy has loaded "
                  + ReplyCheck.shown("" + loaded));
    } catch (RuntimeApiException e) {
      if (!UNTOLD.contains(e.kind())) {
        throw e;
      }
      return Optional.of("HAProxy does not tell what it has loaded: " + e.getMessage());
    }
  }

  /** Of a path that is relative to a folder that nobody tells, its names are compared. */
  private static boolean isSame(Path named, Path inside) {
    Path path = named.normalize();
    return path.isAbsolute() ? path.equals(inside) : inside.endsWith(path);
  }

  private String remedy() {
    Path name = Objects.requireNonNull(configuration.getFileName(), "configuration: not the root");
    Path here = SharedFolder.folder(file.path()).resolve(name);
    return "move the configuration to "
        + here
        + ", remove a line for the file itself from 'volumes:', and start HAProxy with '-f "
        + file.loaded().resolveSibling(name)
        + "' (create the container again: docker compose up -d --force-recreate); name it here with"
        + " configuration(Path.of(\""
        + here
        + "\"))";
  }
}
