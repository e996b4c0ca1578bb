package io.bluegreen.store;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class MachineTest {
  private static final String ID = "0123456789abcdef0123456789abcdef";
  private static final String OTHER_ID = "fedcba9876543210fedcba9876543210";

  @Test
  void theIdDecidesWhereBothHaveOneAndTheNameMayChange() {
    assertThat(Machine.of(ID, "a").sameAs(Machine.of(ID, "b"))).isTrue();
    assertThat(Machine.of(ID, "a").sameAs(Machine.of(OTHER_ID, "a"))).isFalse();
  }

  @Test
  void theNameDecidesWhereOneHasNoId() {
    assertThat(Machine.of("", "a").sameAs(Machine.of(ID, "a"))).isTrue();
    assertThat(Machine.of(ID, "a").sameAs(Machine.of("uninitialized", "b"))).isFalse();
    assertThat(Machine.of("", "a").sameAs(Machine.of("", "a"))).isTrue();
  }

  @Test
  void theIdItselfIsNotWritten() {
    Machine machine = Machine.of(ID, "a");
    assertThat(machine.id()).hasSize(32).isNotEqualTo(ID);
    assertThat(new String(machine.write())).doesNotContain(ID);
    assertThat(Machine.read(machine.write())).isEqualTo(machine);
  }

  @Test
  void thisMachineIsItself() {
    assertThat(Machine.here()).isEqualTo(Machine.here());
    assertThat(Machine.here().host()).isNotBlank();
  }
}
