package io.bluegreen.examples.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.bluegreen.BlueGreenManager;
import io.bluegreen.haproxy.HaproxyRouter;
import io.bluegreen.nginx.NginxRouter;
import java.io.IOException;
import java.lang.reflect.Executable;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Parameter;
import java.net.URISyntaxException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Every public method and constructor names the argument that is null: by a NullPointerException
 * whose message begins with the parameter's name, as of Objects.requireNonNull, before anything
 * happened. Parameters that may be null are annotated so. Instances are made without their
 * constructors, so that a method that uses its own state before it checks is found, too.
 */
class NamedArgumentsTest {
  /** What is not asked, each with its reason. */
  private static final Map<String, String> EXCEPTIONS =
      Map.of(
          "io.bluegreen.testing.contract", "clauses that JUnit calls",
          "java.lang.Throwable", "an exception that is refused would hide what went wrong",
          "io.bluegreen.support.ArgumentChecks", "its own argument may be null, to be refused");

  @ParameterizedTest
  @ValueSource(classes = {BlueGreenManager.class, NginxRouter.class, HaproxyRouter.class})
  void nullIsRefusedByTheNameOfItsParameter(Class<?> ofModule) throws Exception {
    TreeSet<String> wrong = new TreeSet<>();
    int asked = 0;
    for (Class<?> type : publicTypes(ofModule)) {
      for (Executable one : executables(type)) {
        Parameter[] parameters = one.getParameters();
        for (int at = 0; at < parameters.length; at++) {
          for (Object given : Arguments.nullsFor(parameters[at])) {
            asked++;
            String answer = Arguments.call(one, at, given);
            if (!answer.isEmpty()) {
              wrong.add(describe(one, parameters[at], given) + " -> " + answer);
            }
          }
        }
      }
    }
    assertThat(asked).isGreaterThan(20);
    if (System.getProperty("nulls") != null) {
      Files.write(Path.of(System.getProperty("nulls") + "." + ofModule.getSimpleName()), wrong);
    }
    assertThat(wrong).as("of %s calls with null", asked).isEmpty();
  }

  private static String describe(Executable one, Parameter parameter, Object given) {
    return one.getDeclaringClass().getName()
        + " "
        + (one instanceof Method ? one.getName() : "<init>")
        + "/"
        + Stream.of(one.getParameterTypes()).map(Class::getSimpleName).toList()
        + " "
        + parameter.getName()
        + (given == null ? "" : " with a null in it");
  }

  private static List<Executable> executables(Class<?> type) {
    List<Executable> all = new ArrayList<>();
    for (Method method : type.getDeclaredMethods()) {
      boolean implicit =
          method.isSynthetic()
              || method.isBridge()
              || method.getName().equals("equals")
              || type.isEnum() && method.getName().equals("valueOf");
      if (Modifier.isPublic(method.getModifiers())
          && !Modifier.isAbstract(method.getModifiers())
          && !implicit) {
        all.add(method);
      }
    }
    all.addAll(List.of(type.getConstructors()));
    return all;
  }

  private static List<Class<?>> publicTypes(Class<?> ofModule)
      throws IOException, URISyntaxException, ClassNotFoundException {
    Path source = Path.of(ofModule.getProtectionDomain().getCodeSource().getLocation().toURI());
    List<Class<?>> types = new ArrayList<>();
    if (Files.isDirectory(source)) {
      add(source, types);
    } else {
      try (FileSystem jar = FileSystems.newFileSystem(source)) {
        add(jar.getPath("/"), types);
      }
    }
    return types;
  }

  private static void add(Path root, List<Class<?>> types)
      throws IOException, ClassNotFoundException {
    try (Stream<Path> files = Files.walk(root)) {
      for (Path file : files.filter(f -> f.toString().endsWith(".class")).toList()) {
        String name = root.relativize(file).toString().replace('/', '.');
        name = name.substring(0, name.length() - ".class".length());
        if (name.startsWith("io.bluegreen") && !name.endsWith("-info")) {
          Class<?> type = Class.forName(name, false, NamedArgumentsTest.class.getClassLoader());
          if (isVisible(type)
              && !Throwable.class.isAssignableFrom(type)
              && !EXCEPTIONS.containsKey(type.getPackageName())
              && !EXCEPTIONS.containsKey(type.getName())) {
            types.add(type);
          }
        }
      }
    }
  }

  private static boolean isVisible(Class<?> type) {
    return Modifier.isPublic(type.getModifiers())
        && !type.isSynthetic()
        && (type.getEnclosingClass() == null || isVisible(type.getEnclosingClass()));
  }
}
