package io.bluegreen.haproxy;

import io.bluegreen.RouterGuarantee;
import io.bluegreen.RouterReport.Warning;
import io.bluegreen.haproxy.RuntimeApiException.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Finds out whether a HAProxy in a container loads a file that is replaced here. Its processes are
 * not looked up, for their ids are those of other processes here. But HAProxy makes its admin
 * socket itself, and tells where: if that is beside the file, and the socket is beside the file
 * here, too, then both see one directory, and HAProxy finds in it what is put there. A file that is
 * mounted by itself has no such neighbour, and stays what it was when this program replaces it. A
 * link beside the file is no neighbour, because the socket that it leads to lies elsewhere.
 *
 * @param file the file, with its path in the container
 */
record SharedFolder(RecordFile file) {
  private static final Set<Kind> UNTOLD = Set.of(Kind.REFUSED, Kind.NOT_UNDERSTOOD);

  /** Returns why that is not proven, and what to change; empty if it is. */
  Optional<Warning> unproven(RuntimeApi api) {
    return reason(api)
        .map(
            why ->
                new Warning(
                    "HAProxy runs in a container, and it is not proven that it loads "
                        + file.path()
                        + " (there "
                        + file.loaded()
                        + "), because "
                        + why,
                    remedy(api),
                    Optional.of(RouterGuarantee.RELOAD_SAFE)));
  }

  private Optional<String> reason(RuntimeApi api) {
    if (api.wire().tcpAddress().isPresent()) {
      return Optional.of("it is reached over TCP (" + api + "), which shows no folder");
    }
    Path socket = api.wire().socket();
    Optional<String> link =
        Stream.of(socket, file.path())
            .filter(Files::isSymbolicLink)
            .map(path -> path + " is a link, which tells nothing of the folder that it leads to")
            .findFirst();
    if (link.isPresent()) {
      return link;
    }
    if (!sameFolder(socket)) {
      return Optional.of(
          "its admin socket, "
              + socket
              + ", is not beside it, and a file that is mounted by itself stays the former one"
              + " there when it is replaced here");
    }
    Path there = file.loaded().resolveSibling(socket.getFileName());
    try {
      CliSockets sockets = api.paths().sockets();
      return sockets.hasOnly(there)
          ? Optional.empty()
          : Optional.of(
              "it should have one admin socket of this name, " + there + ", but has " + sockets);
    } catch (RuntimeApiException e) {
      if (!UNTOLD.contains(e.kind())) {
        throw e;
      }
      return Optional.of("it does not tell where its admin socket is: " + e.getMessage());
    }
  }

  /** Returns whether a socket lies beside the file, also if their folder has several paths. */
  private boolean sameFolder(Path socket) {
    try {
      return folder(socket).toRealPath().equals(folder(file.path()).toRealPath());
    } catch (IOException notThere) {
      return false;
    }
  }

  private String remedy(RuntimeApi api) {
    Path here = folder(file.path());
    Path there = folder(file.loaded());
    String socket =
        api.wire().tcpAddress().isPresent()
            ? "admin.sock"
            : String.valueOf(api.wire().socket().getFileName());
    return "mount the folder, not the file: write '- "
        + here
        + ":"
        + there
        + "' into 'volumes:' of HAProxy's service in compose.yaml, in place of a line for the file,"
        + " and 'stats socket "
        + there.resolve(socket)
        + " level admin' into global of its configuration, in place of another line for that"
        + " socket; create the container again (docker compose up -d --force-recreate); name the"
        + " socket here with RuntimeApi.unix(Path.of(\""
        + here.resolve(socket)
        + "\"))";
  }

  /** Returns the folder of a file. */
  static Path folder(Path path) {
    return Objects.requireNonNull(path.toAbsolutePath().getParent(), "path: not the root");
  }
}
