package io.bluegreen.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Every Java block that a reader sees is compiled and run: it equals a region of a test here.
 *
 * <p>In the document a block has {@code <!-- snippet: name -->} above it; in the test the region
 * stands between {@code // snippet: name} and {@code // end}.
 */
class DocumentationTest {
  private static final Path ROOT = Path.of(System.getProperty("project.root", ".."));

  @ParameterizedTest
  @ValueSource(strings = {"README.md", "ARCHITECTURE.md"})
  void everyJavaBlockIsARegionOfATest(String document) throws IOException {
    Map<String, String> regions = regions();

    Snippets.blocks(Files.readString(ROOT.resolve(document)))
        .forEach(
            (name, block) ->
                assertThat(block).as(document + ": " + name).isEqualTo(regions.get(name)));
  }

  @Test
  void theReadmeShowsAtLeastOne() throws IOException {
    assertThat(Snippets.blocks(Files.readString(ROOT.resolve("README.md")))).isNotEmpty();
  }

  @Test
  void aBlockIsFoundByTheNameAboveIt() {
    String document =
        """
        ```sh
        ls
        ```
        <!-- snippet: first -->

          ```java
          int a = 1;

            a++;
          ```
        """;

    assertThat(Snippets.blocks(document)).isEqualTo(Map.of("first", "int a = 1;\n\n  a++;"));
  }

  @Test
  void aRegionIsFoundByItsMarkersWhateverItsIndentation() {
    String source =
        """
        void test() {
            // snippet: first
            int a = 1;

              a++;
            // end
        }
        """;

    assertThat(Snippets.regions(source)).isEqualTo(Map.of("first", "int a = 1;\n\n  a++;"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "```java\nint a;\n```\n",
        "<!-- snippet: a -->\ntext between\n```java\nint a;\n```\n",
        "<!-- snippet: a -->\n```java\nint a;\n",
        "<!-- snippet: a -->\n```java\n```\n<!-- snippet: a -->\n```java\n```\n"
      })
  void aBlockWithoutNameOrEndOrWithAnothersNameIsRefused(String document) {
    assertThatThrownBy(() -> Snippets.blocks(document)).isInstanceOf(AssertionError.class);
  }

  private static Map<String, String> regions() throws IOException {
    try (Stream<Path> files = Files.walk(ROOT.resolve("bluegreen-examples/src/test/java"))) {
      return Snippets.merged(
          files
              .filter(file -> file.toString().endsWith(".java"))
              .filter(file -> !file.endsWith("DocumentationTest.java"))
              .map(DocumentationTest::regionsOf)
              .toList());
    }
  }

  private static Map<String, String> regionsOf(Path file) {
    try {
      return Snippets.regions(Files.readString(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
