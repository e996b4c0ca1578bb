package io.bluegreen.store;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class MachineIdTest {
  private static final String ID = "0123456789abcdef0123456789abcdef";
  private static final String OTHER_ID = "fedcba9876543210fedcba9876543210";

  @Test
  void idDecidesWhereBothHaveOneAndTheNameMayChange() {
    assertThat(MachineId.of(ID, "a").sameAs(MachineId.of(ID, "b"))).isTrue();
    assertThat(MachineId.of(ID, "a").sameAs(MachineId.of(OTHER_ID, "a"))).isFalse();
  }

  @Test
  void nameDecidesWhereOneHasNoId() {
    assertThat(MachineId.of("", "a").sameAs(MachineId.of(ID, "a"))).isTrue();
    assertThat(MachineId.of(ID, "a").sameAs(MachineId.of("uninitialized", "b"))).isFalse();
    assertThat(MachineId.of("", "a").sameAs(MachineId.of("", "a"))).isTrue();
  }

  @Test
  void idItselfIsNotWritten() {
    MachineId machine = MachineId.of(ID, "a");
    assertThat(machine.id()).hasSize(32).isNotEqualTo(ID);
    assertThat(new String(machine.write())).doesNotContain(ID);
    assertThat(MachineId.read(machine.write())).isEqualTo(machine);
  }

  @Test
  void thisMachineIsItself() {
    assertThat(MachineId.here()).isEqualTo(MachineId.here());
    assertThat(MachineId.here().host()).isNotBlank();
  }
}
