package io.bluegreen;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.type;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.bluegreen.engine.ManagerBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The house as it was planned: the API, the engine behind it, leaves, and nothing across. */
class ArchitectureTest {
  private static final List<String> LEAVES =
      List.of("health", "launch", "store", "embedded", "gate", "testing");

  private static final JavaModifier PUBLIC = JavaModifier.PUBLIC;

  private static final JavaClasses ALL =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("io.bluegreen");

  @Test
  void everyPackageWasSeen() {
    for (String leaf : LEAVES) {
      assertThat(ALL.stream().anyMatch(c -> c.getPackageName().equals("io.bluegreen." + leaf)))
          .as(leaf)
          .isTrue();
    }
    assertThat(ALL.contain(BlueGreenManager.class)).isTrue();
  }

  @Test
  void theApiKnowsNoLeafAndOfTheEngineOnlyItsEntrance() {
    noClasses()
        .that()
        .resideInAPackage("io.bluegreen")
        .and()
        .areNotAssignableTo(BlueGreenManager.class)
        .should()
        .dependOnClassesThat(oursBut("io.bluegreen", "io.bluegreen.support"))
        .check(ALL);
    noClasses()
        .that()
        .areAssignableTo(BlueGreenManager.class)
        .and()
        .resideInAPackage("io.bluegreen")
        .should()
        .dependOnClassesThat(
            oursBut("io.bluegreen", "io.bluegreen.support").and(not(type(ManagerBuilder.class))))
        .check(ALL);
  }

  @Test
  void theEngineKnowsNoLeaf() {
    noClasses()
        .that()
        .resideInAPackage("io.bluegreen.engine")
        .should()
        .dependOnClassesThat(oursBut("io.bluegreen", "io.bluegreen.engine", "io.bluegreen.support"))
        .check(ALL);
  }

  @Test
  void theEngineHasOnePublicClass() {
    assertThat(
            ALL.stream()
                .filter(c -> c.getPackageName().equals("io.bluegreen.engine"))
                .filter(c -> c.getModifiers().contains(PUBLIC) && !c.isNestedClass())
                .map(JavaClass::getSimpleName))
        .containsExactly("ManagerBuilder");
  }

  @Test
  void mapOfTheEngineNamesEveryClassOfIt() throws IOException {
    Path engine = Path.of("src", "main", "java", "io", "bluegreen", "engine");
    String map = Files.readString(engine.resolve("package-info.java"));
    Set<String> named =
        Pattern.compile("(?<=\\{@(code|link) )[\\w.]+")
            .matcher(map.replaceAll("\\n \\*\\s+", " "))
            .results()
            .map(name -> name.group().replaceFirst(".*\\.", ""))
            .collect(Collectors.toCollection(TreeSet::new));
    try (Stream<Path> files = Files.list(engine)) {
      assertThat(named)
          .containsExactlyInAnyOrderElementsOf(
              files
                  .map(file -> file.getFileName().toString().replace(".java", ""))
                  .filter(name -> !name.equals("package-info"))
                  .toList());
    }
  }

  /** That a sealed Step permits its kinds is no knowledge that a class file tells of. */
  @Test
  void noClassesOfTheEngineKnowEachOtherInACircle() {
    Map<String, Set<String>> known = new TreeMap<>();
    for (JavaClass ours : ALL) {
      if (ours.getPackageName().equals("io.bluegreen.engine")) {
        Set<String> of = known.computeIfAbsent(file(ours), name -> new TreeSet<>());
        ours.getDirectDependenciesFromSelf().stream()
            .map(dependency -> dependency.getTargetClass())
            .filter(target -> target.getPackageName().equals("io.bluegreen.engine"))
            .map(ArchitectureTest::file)
            .filter(name -> !name.equals(file(ours)))
            .forEach(of::add);
      }
    }
    assertThat(reachable(known, "ManagerBuilder")).contains("Engine", "MoveStep", "RunContext");

    Set<String> inACircle = new TreeSet<>(known.keySet());
    inACircle.removeIf(name -> !reachable(known, name).contains(name));

    assertThat(inACircle).as(known::toString).isEmpty();
  }

  private static Set<String> reachable(Map<String, Set<String>> known, String from) {
    Set<String> reached = new TreeSet<>();
    Deque<String> next = new ArrayDeque<>(known.getOrDefault(from, Set.of()));
    while (!next.isEmpty()) {
      String name = next.remove();
      if (reached.add(name)) {
        next.addAll(known.getOrDefault(name, Set.of()));
      }
    }
    return reached;
  }

  /** The class at the top, whose file it is in. */
  private static String file(JavaClass of) {
    return of.getName().substring(of.getPackageName().length() + 1).replaceFirst("\\$.*", "");
  }

  @Test
  void supportKnowsNothingOfOurs() {
    noClasses()
        .that()
        .resideInAPackage("io.bluegreen.support..")
        .should()
        .dependOnClassesThat(oursBut("io.bluegreen.support.."))
        .check(ALL);
  }

  @Test
  void noLeafImportsALeaf() {
    for (String leaf : LEAVES) {
      noClasses()
          .that()
          .resideInAPackage("io.bluegreen." + leaf + "..")
          .should()
          .dependOnClassesThat(
              oursBut("io.bluegreen", "io.bluegreen.support", "io.bluegreen." + leaf + ".."))
          .check(ALL);
    }
  }

  @Test
  void onlyTheContractsTouchJUnitAndAssertJ() {
    noClasses()
        .that()
        .resideOutsideOfPackage("io.bluegreen.testing.contract..")
        .should()
        .dependOnClassesThat(resideInAnyPackage("org.junit..", "org.assertj.."))
        .check(ALL);
  }

  @Test
  void resilience4jRetriesTheReadsOfAnAdapterAndIsUsedForNothingElseHere() {
    noClasses()
        .should()
        .dependOnClassesThat(resideInAPackage("io.github.resilience4j.."))
        .check(ALL);
  }

  @Test
  void timeIsReadAndWaitedForInOnePlaceOnly() {
    noClasses()
        .that()
        .doNotHaveFullyQualifiedName("io.bluegreen.SystemTime")
        .and()
        .resideOutsideOfPackage("io.bluegreen.testing..")
        .should()
        .callMethod(Thread.class, "sleep", long.class)
        .orShould()
        .callMethod(System.class, "currentTimeMillis")
        .orShould()
        .callMethod(System.class, "nanoTime")
        .orShould()
        .callMethod(java.time.Instant.class, "now")
        .orShould()
        .callMethod(java.time.Clock.class, "systemUTC")
        .check(ALL);
  }

  @Test
  void thePublicApiShowsNoJacksonType() {
    assertThat(
            ALL.stream()
                .filter(c -> c.getModifiers().contains(PUBLIC))
                .flatMap(c -> c.getMethods().stream())
                .filter(m -> m.getModifiers().contains(PUBLIC))
                .filter(
                    m ->
                        m.getRawReturnType().getPackageName().startsWith("com.fasterxml")
                            || m.getRawParameterTypes().stream()
                                .anyMatch(t -> t.getPackageName().startsWith("com.fasterxml")))
                .map(m -> m.getFullName()))
        .isEmpty();
  }

  private static DescribedPredicate<JavaClass> oursBut(String... packages) {
    return resideInAPackage("io.bluegreen..").and(not(resideInAnyPackage(packages)));
  }
}
