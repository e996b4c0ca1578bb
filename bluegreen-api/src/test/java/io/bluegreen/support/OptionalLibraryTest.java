package io.bluegreen.support;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.File;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class OptionalLibraryTest {
  @ParameterizedTest
  @CsvSource({
    "COMMONS_STATISTICS,commons-statistics,io.bluegreen.gate.ComparisonGate,errors",
    "COMMONS_STATISTICS,commons-statistics,io.bluegreen.gate.ComparisonGate,latency",
    "UNDERTOW,undertow,io.bluegreen.embedded.EmbeddedRouter,create",
  })
  void classWhoseLibraryIsMissingCannotBeMadeAndSaysWhatToAdd(
      OptionalLibrary library, String jar, String className, String factory)
      throws IOException, ReflectiveOperationException {
    try (URLClassLoader without = without(jar)) {
      Class<?> type = without.loadClass(className);

      assertThatThrownBy(() -> type.getMethod(factory).invoke(null))
          .isInstanceOf(InvocationTargetException.class)
          .cause()
          .isInstanceOf(IllegalStateException.class)
          .hasMessageStartingWith(type.getSimpleName() + " needs ")
          .hasMessageEndingWith("add the dependency " + library.coordinates());
    }
  }

  @ParameterizedTest
  @EnumSource
  void libraryThatIsThereIsNoTrouble(OptionalLibrary library) {
    library.require(OptionalLibraryTest.class);
  }

  @Test
  void versionsThatAreNamedAreThoseThatAreTested() throws IOException {
    String pom = Files.readString(root().resolve("pom.xml"));
    for (OptionalLibrary library : OptionalLibrary.values()) {
      List<String> parts = List.of(library.coordinates().split(":"));
      Matcher managed =
          Pattern.compile(
                  String.format(
                      Locale.ROOT,
                      "<groupId>%s</groupId>\\s*<artifactId>%s</artifactId>\\s*<version>\\$\\{(.*)}",
                      Pattern.quote(parts.get(0)),
                      Pattern.quote(parts.get(1))))
              .matcher(pom);
      assertThat(managed.find()).as("%s is managed", library).isTrue();
      String property = managed.group(1);
      assertThat(pom).contains("<" + property + ">" + parts.get(2) + "</" + property + ">");
    }
  }

  @Test
  void bomNamesNoLibraryThatOnlyOurTestsNeed() throws IOException {
    String pom = Files.readString(root().resolve("pom.xml"));
    String managed =
        pom.substring(
            pom.indexOf("<dependencyManagement>"), pom.indexOf("</dependencyManagement>"));

    assertThat(managed)
        .contains("bluegreen-api", "bluegreen-nginx", "bluegreen-haproxy")
        .doesNotContain("junit", "mockito", "assertj", "awaitility", "archunit", "logback");
  }

  private static Path root() {
    Path here = Path.of("").toAbsolutePath();
    return Files.exists(here.resolve("../pom.xml")) ? here.resolve("..") : here;
  }

  /** The class path of this test without the jars of a name. */
  private static URLClassLoader without(String jar) throws IOException {
    List<URL> urls = new ArrayList<>();
    for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
      if (!Path.of(entry).getFileName().toString().startsWith(jar)) {
        urls.add(Path.of(entry).toUri().toURL());
      }
    }
    return new URLClassLoader(urls.toArray(URL[]::new), ClassLoader.getPlatformClassLoader());
  }
}
