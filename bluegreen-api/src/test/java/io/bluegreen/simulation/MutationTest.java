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
 * The simulation finds an engine that is wrong on purpose. Prints which check caught which:
 *
 * <pre>
 * mvn test -pl bluegreen-api -Dtest=MutationTest
 * </pre>
 */
class MutationTest {
  private static final long SEEDS = 20_000;

  @ParameterizedTest
  @EnumSource
  void everyMutationStillFitsTheSource(Mutation mutation) throws IOException {
    assertThat(new Mutant(mutation).changed()).isNotEmpty();
  }

  @Tag("long")
  @ParameterizedTest
  @EnumSource
  void theSimulationFindsAnEngineThatIsWrongOnPurpose(Mutation mutation) throws Exception {
    Object hunt =
        new Mutant(mutation).loadClass(Hunt.class.getName()).getDeclaredConstructor().newInstance();
    @SuppressWarnings("unchecked")
    String caught = ((LongFunction<String>) hunt).apply(SEEDS);

    System.out.printf("%2d  %-40s %s%n", mutation.invariant, mutation, caught);
    assertThat(caught).isNotEmpty();
  }

  @Test
  void everyInvariantHasAMutation() {
    assertThat(Arrays.stream(Mutation.values()).map(mutation -> mutation.invariant))
        .containsAll(IntStream.rangeClosed(1, 10).boxed().toList());
  }
}
