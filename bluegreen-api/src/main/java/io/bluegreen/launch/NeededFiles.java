package io.bluegreen.launch;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The files that well-known programs can't run without: what java finds behind -jar and -javaagent,
 * and the script of an interpreter. Nothing is said of any other program, nor where options make it
 * uncertain which argument is the file.
 */
final class NeededFiles {
  private static final Pattern SHELL = Pattern.compile("sh|bash|dash|ksh|zsh");
  private static final Pattern SCRIPTED = Pattern.compile("(python|perl|ruby|php)[0-9.]*");
  private static final Pattern NODE = Pattern.compile("node|nodejs");
  private static final String AGENT = "-javaagent:";

  /** Options of java whose value is the next argument: java(1). */
  private static final Set<String> WITH_VALUE =
      Set.of(
          "-cp",
          "-classpath",
          "--class-path",
          "-p",
          "--module-path",
          "--upgrade-module-path",
          "--add-modules",
          "--limit-modules",
          "--add-reads",
          "--add-exports",
          "--add-opens",
          "--patch-module",
          "--enable-native-access");

  private NeededFiles() {}

  /**
   * Returns those that are not there, or can't be read.
   *
   * @param argv the program and its arguments
   * @param directory where it is to work
   * @param environment that it is to get
   */
  static List<Path> missing(List<String> argv, Path directory, Map<String, String> environment) {
    String program = Path.of(argv.get(0)).getFileName().toString();
    List<String> arguments = argv.subList(1, argv.size());
    if (program.equals("java")) {
      return ofJava(arguments).stream()
          .map(directory::resolve)
          .filter(file -> !Files.isReadable(file))
          .toList();
    }
    if (arguments.isEmpty() || arguments.get(0).startsWith("-") || arguments.get(0).isEmpty()) {
      return List.of();
    }
    String script = arguments.get(0);
    boolean certain =
        SCRIPTED.matcher(program).matches()
            || (SHELL.matcher(program).matches()
                && !script.startsWith("+")
                && (script.contains("/") || !inPath(script, environment)))
            || (NODE.matcher(program).matches() && script.matches(".*\\.[cm]?js"));
    Path file = directory.resolve(script);
    return certain && !Files.isReadable(file) ? List.of(file) : List.of();
  }

  private static List<String> ofJava(List<String> arguments) {
    List<String> files = new ArrayList<>();
    for (int i = 0; i < arguments.size(); i++) {
      String argument = arguments.get(i);
      if (argument.equals("-jar")) {
        if (i + 1 < arguments.size() && !arguments.get(i + 1).startsWith("@")) {
          files.add(arguments.get(i + 1));
        }
        return files;
      }
      if (argument.startsWith(AGENT)) {
        files.add(argument.substring(AGENT.length()).split("=", 2)[0]);
      } else if (WITH_VALUE.contains(argument)) {
        i++;
      } else if (!argument.startsWith("-")) {
        return files; // A main class, or a file of arguments: what follows is not for java.
      }
    }
    return files;
  }

  /** A shell that does not find a script in its directory may look for it in its PATH. */
  private static boolean inPath(String script, Map<String, String> environment) {
    for (String entry : environment.getOrDefault("PATH", "").split(":", -1)) {
      if (entry.startsWith("/") && Files.isReadable(Path.of(entry, script))) {
        return true;
      }
    }
    return false;
  }
}
