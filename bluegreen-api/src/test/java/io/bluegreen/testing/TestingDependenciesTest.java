package io.bluegreen.testing;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

class TestingDependenciesTest {
  private final JavaClasses ours =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("io.bluegreen");

  @Test
  void onlyTheContractsNeedTestLibraries() {
    assertThat(ours.contain("io.bluegreen.testing.contract.RouterContract")).isTrue();
    noClasses()
        .that()
        .resideOutsideOfPackage("io.bluegreen.testing.contract")
        .should()
        .dependOnClassesThat(resideInAPackage("org.junit..").or(resideInAPackage("org.assertj..")))
        .check(ours);
  }

  @Test
  void theFakesNeedOnlyTheSeams() {
    assertThat(ours.contain("io.bluegreen.testing.FakeRouter")).isTrue();
    classes()
        .that()
        .resideInAPackage("io.bluegreen.testing")
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage("io.bluegreen", "io.bluegreen.testing", "java..", "org.jspecify..")
        .check(ours);
  }
}
