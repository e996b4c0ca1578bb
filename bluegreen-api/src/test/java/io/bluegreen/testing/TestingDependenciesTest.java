package io.bluegreen.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Who uses the fakes, or deploys, needs no test library: those are optional dependencies. */
class TestingDependenciesTest {

  @Test
  void onlyTheContractsNeedTestLibraries() throws Exception {
    Path classes =
        Path.of(FakeRouter.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    try (Stream<Path> files = Files.walk(classes)) {
      assertThat(files.filter(file -> file.toString().endsWith(".class")))
          .filteredOn(TestingDependenciesTest::namesATestLibrary)
          .as("the contracts at least are seen")
          .isNotEmpty()
          .allSatisfy(
              file -> assertThat(file.getParent()).endsWithRaw(Path.of("testing", "contract")));
    }
  }

  private static boolean namesATestLibrary(Path classFile) {
    try {
      String constants = Files.readString(classFile, StandardCharsets.ISO_8859_1);
      return constants.contains("org/junit/") || constants.contains("org/assertj/");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
