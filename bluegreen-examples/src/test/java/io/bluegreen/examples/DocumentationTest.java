package io.bluegreen.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Every Java block that a reader sees is compiled and run: it equals a region of a test here.
 *
 * <p>In the document a block has {@code <!-- snippet: name -->} above it; in the test the region
 * stands between {@code // snippet: name} and {@code // end}.
 */
class DocumentationTest {
  private static final Path ROOT = Path.of(System.getProperty("project.root", ".."));
  private static final Pattern LINK = Pattern.compile("\\]\\(([^):#]+)\\)");

  @ParameterizedTest
  @MethodSource("documents")
  void everyJavaBlockIsARegionOfATest(Path document) throws IOException {
    Map<String, String> regions = regions();

    Snippets.blocks(Files.readString(document))
        .forEach(
            (name, block) ->
                assertThat(block).as(document + ": " + name).isEqualTo(regions.get(name)));
  }

  @ParameterizedTest
  @MethodSource("documents")
  void everyLinkLeadsToAFile(Path document) throws IOException {
    Matcher links = LINK.matcher(Files.readString(document));
    while (links.find()) {
      assertThat(document.resolveSibling(links.group(1))).as("a link of " + document).exists();
    }
  }

  @Test
  void theFirstPagesAreShort() throws IOException {
    assertThat(Files.size(ROOT.resolve("README.md"))).isLessThanOrEqualTo(7 * 1024);
    assertThat(Files.size(ROOT.resolve("ARCHITECTURE.md"))).isLessThanOrEqualTo(6 * 1024);
  }

  @Test
  void theReadmeAndTheGuidesAreSeen() throws IOException {
    assertThat(Snippets.blocks(Files.readString(ROOT.resolve("README.md")))).isNotEmpty();
    assertThat(documents()).contains(ROOT.resolve("bluegreen-examples/guides/gates.md"));
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

  /** Every page of the repository, wherever it stands. */
  static List<Path> documents() throws IOException {
    try (Stream<Path> files = Files.walk(ROOT)) {
      return files
          .filter(file -> file.toString().endsWith(".md"))
          .filter(file -> !ROOT.relativize(file).toString().contains("target/"))
          .toList();
    }
  }

  private static Map<String, String> regions() throws IOException {
    try (Stream<Path> files = Files.walk(ROOT.resolve("bluegreen-examples/src"))) {
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
