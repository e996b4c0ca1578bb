package io.bluegreen;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaMember;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Pins what users can compile against. After a change that was meant, replace the list by the file
 * that the failure names.
 */
class PublicApiTest {
  private static final Path PINNED = Path.of("src/test/resources/public-api.txt");
  private static final Path ACTUAL = Path.of("target/public-api.txt");

  @Test
  void publicApiIsAsPinned() throws IOException {
    List<String> actual = publicApi();
    Files.write(ACTUAL, actual);

    assertThat(actual)
        .as("the public API has changed; if that was meant, copy %s to %s", ACTUAL, PINNED)
        .containsExactlyElementsOf(Files.readAllLines(PINNED));
  }

  private static List<String> publicApi() {
    return new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("io.bluegreen")
            .stream()
            .filter(PublicApiTest::isVisible)
            .flatMap(PublicApiTest::lines)
            .sorted()
            .distinct()
            .toList();
  }

  private static boolean isVisible(JavaClass type) {
    return type.getModifiers().contains(JavaModifier.PUBLIC)
        && type.getEnclosingClass().map(PublicApiTest::isVisible).orElse(true);
  }

  private static Stream<String> lines(JavaClass type) {
    return Stream.concat(
        Stream.of(type.getName()),
        type.getMembers().stream()
            .filter(member -> member.getModifiers().contains(JavaModifier.PUBLIC))
            .filter(member -> !member.getModifiers().contains(JavaModifier.SYNTHETIC))
            .map(PublicApiTest::line));
  }

  private static String line(JavaMember member) {
    Set<JavaModifier> modifiers = member.getModifiers();
    String name =
        member.getOwner().getName()
            + (modifiers.contains(JavaModifier.STATIC) ? " static " : " ")
            + member.getName();
    if (!(member instanceof JavaCodeUnit code)) {
      return name;
    }
    String parameters =
        code.getRawParameterTypes().stream()
            .map(JavaClass::getSimpleName)
            .collect(Collectors.joining(", ", "(", ")"));
    return name + parameters + " " + code.getRawReturnType().getSimpleName();
  }
}
