package io.bluegreen.nginx;

import static java.nio.file.attribute.PosixFilePermission.GROUP_EXECUTE;
import static java.nio.file.attribute.PosixFilePermission.OTHERS_EXECUTE;
import static java.nio.file.attribute.PosixFilePermission.OWNER_EXECUTE;

import io.bluegreen.Group;
import io.bluegreen.support.DurableFile;
import io.bluegreen.support.FileMode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * A complete configuration with which a new user starts nginx. Immutable.
 *
 * @param directory where the configuration is meant to lie; nginx writes its pid and logs there
 *     unless the router was told other places
 * @param seen the same directory as nginx sees it; another path where nginx runs in a container
 * @param nginxConf a complete nginx.conf; once written it belongs to the user
 * @param generated in reload mode the first generated file, without which nginx would not start
 */
public record RenderedNginx(
    Path directory, Path seen, String nginxConf, Optional<Generated> generated) {
  /** Refuses null. */
  public RenderedNginx {
    Objects.requireNonNull(directory, "directory");
    Objects.requireNonNull(seen, "seen");
    Objects.requireNonNull(nginxConf, "nginxConf");
    Objects.requireNonNull(generated, "generated");
  }

  private static final Set<PosixFilePermission> SEARCH =
      Set.of(OWNER_EXECUTE, GROUP_EXECUTE, OTHERS_EXECUTE);

  /**
   * The file that the library owns.
   *
   * @param file its path
   * @param text its content
   */
  public record Generated(Path file, String text) {
    /** Refuses null. */
    public Generated {
      Objects.requireNonNull(file, "file");
      Objects.requireNonNull(text, "text");
    }
  }

  /** Renders for a group, as {@link NginxRouter#renderConfig} says. */
  static RenderedNginx of(Group group, NginxSettings settings) {
    boolean counting = settings.container.isEmpty() && FlightSupport.of(settings).isPossible();
    if (settings.generated.isEmpty()) {
      String conf = new LiveConfig(group, settings, counting).render();
      return new RenderedNginx(settings.home, settings.asNginxSees().home, conf, Optional.empty());
    }
    Path file = settings.generated.get();
    ReloadConfig config = new ReloadConfig(group, settings, counting);
    GenerationStatus first = GenerationStatus.first(group, "reload");
    String text = GeneratedFile.render(first, List.of(), config.body(first));
    return new RenderedNginx(
        settings.home,
        settings.asNginxSees().home,
        config.render(),
        Optional.of(new Generated(file, text)));
  }

  /**
   * Creates the directory, {@code nginx.conf} and the generated file, each if it is not there yet;
   * nothing is overwritten. Whatever the umask is, all can read what is created, and only its owner
   * can write it. The directory is made searchable by all, because nginx's workers run as another
   * user.
   *
   * @return the path of {@code nginx.conf}
   * @throws IOException if something can't be created, or {@code nginx.conf} is there already with
   *     another content
   */
  public Path write() throws IOException {
    searchable(directory);
    if (generated.isPresent()) {
      searchable(generated.get().file().resolveSibling(".").normalize());
      create(generated.get().file(), generated.get().text(), false);
    }
    Path conf = directory.resolve("nginx.conf");
    create(conf, nginxConf, true);
    return conf;
  }

  /**
   * Returns the command that starts nginx with it, where nginx runs: {@code nginx -p ... -c ...}.
   */
  public List<String> startCommand() {
    return List.of("nginx", "-p", seen + "/", "-c", seen.resolve("nginx.conf").toString());
  }

  /** Makes a directory that others can search; it may also be a link of the user. */
  private static void searchable(Path directory) throws IOException {
    FileMode.READABLE.createDirectories(directory);
    Set<PosixFilePermission> found = Files.getPosixFilePermissions(directory);
    Set<PosixFilePermission> searchable = EnumSet.copyOf(SEARCH);
    searchable.addAll(found);
    if (!searchable.equals(found)) {
      Files.setPosixFilePermissions(directory, searchable);
    }
  }

  private static void create(Path file, String text, boolean same) throws IOException {
    if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
      DurableFile.replace(file, text.getBytes(StandardCharsets.UTF_8), FileMode.READABLE.ofFile());
    } else if (same && !Files.readString(file, StandardCharsets.UTF_8).equals(text)) {
      throw new IOException(
          file + " is there already, with another content; move it away, or edit it by hand");
    }
  }
}
