package io.bluegreen.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Arrays;
import java.util.function.LongFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The simulation finds an engine that is wrong on purpose. Prints which check caught which
 * mutation. This command starts at the first seed, not near a seed that is known to see the
 * mutation:
 *
 * <pre>
 * mvn test -pl bluegreen-api -Dtest=MutationTest -Dseed=1
 * </pre>
 */
class MutationTest {
  @ParameterizedTest
  @EnumSource
  void everyMutationStillFitsTheSource(Mutation mutation) throws IOException {
    assertThat(Mutant.source(mutation)).isNotEmpty();
  }

  @Tag("long")
  @ParameterizedTest
  @EnumSource
  void theSimulationFindsAnEngineThatIsWrongOnPurpose(Mutation mutation) throws Exception {
    Object hunt =
        new Mutant(mutation)
            .loadClass(MutantHunt.class.getName())
            .getDeclaredConstructor()
            .newInstance();
    @SuppressWarnings("unchecked")
    String caught = ((LongFunction<String>) hunt).apply(Long.getLong("seed", mutation.near));

    System.out.printf("%2d  %-40s %s%n", mutation.invariant, mutation, caught);
    assertThat(caught).isNotEmpty();
  }

  @Test
  void everyInvariantHasAMutation() {
    assertThat(Arrays.stream(Mutation.values()).map(mutation -> mutation.invariant))
        .containsAll(
            IntStream.concat(IntStream.rangeClosed(1, 10), IntStream.of(13)).boxed().toList());
  }
}
