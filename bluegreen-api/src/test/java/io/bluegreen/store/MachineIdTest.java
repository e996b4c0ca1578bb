package io.bluegreen.store;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

<<<<<<< Updated upstream
class MachineIdTest {
=======
class MachineTest {
>>>>>>> Stashed changes
  private static final String ID = "0123456789abcdef0123456789abcdef";
  private static final String OTHER_ID = "fedcba9876543210fedcba9876543210";

  @Test
  void theIdDecidesWhereBothHaveOneAndTheNameMayChange() {
<<<<<<< Updated upstream
    assertThat(MachineId.of(ID, "a").sameAs(MachineId.of(ID, "b"))).isTrue();
    assertThat(MachineId.of(ID, "a").sameAs(MachineId.of(OTHER_ID, "a"))).isFalse();
=======
    assertThat(Machine.of(ID, "a").sameAs(Machine.of(ID, "b"))).isTrue();
    assertThat(Machine.of(ID, "a").sameAs(Machine.of(OTHER_ID, "a"))).isFalse();
>>>>>>> Stashed changes
  }

  @Test
  void theNameDecidesWhereOneHasNoId() {
<<<<<<< Updated upstream
    assertThat(MachineId.of("", "a").sameAs(MachineId.of(ID, "a"))).isTrue();
    assertThat(MachineId.of(ID, "a").sameAs(MachineId.of("uninitialized", "b"))).isFalse();
    assertThat(MachineId.of("", "a").sameAs(MachineId.of("", "a"))).isTrue();
=======
    assertThat(Machine.of("", "a").sameAs(Machine.of(ID, "a"))).isTrue();
    assertThat(Machine.of(ID, "a").sameAs(Machine.of("uninitialized", "b"))).isFalse();
    assertThat(Machine.of("", "a").sameAs(Machine.of("", "a"))).isTrue();
>>>>>>> Stashed changes
  }

  @Test
  void theIdItselfIsNotWritten() {
<<<<<<< Updated upstream
    MachineId machine = MachineId.of(ID, "a");
    assertThat(machine.id()).hasSize(32).isNotEqualTo(ID);
    assertThat(new String(machine.write())).doesNotContain(ID);
    assertThat(MachineId.read(machine.write())).isEqualTo(machine);
=======
    Machine machine = Machine.of(ID, "a");
    assertThat(machine.id()).hasSize(32).isNotEqualTo(ID);
    assertThat(new String(machine.write())).doesNotContain(ID);
    assertThat(Machine.read(machine.write())).isEqualTo(machine);
>>>>>>> Stashed changes
  }

  @Test
  void thisMachineIsItself() {
<<<<<<< Updated upstream
    assertThat(MachineId.here()).isEqualTo(MachineId.here());
    assertThat(MachineId.here().host()).isNotBlank();
=======
    assertThat(Machine.here()).isEqualTo(Machine.here());
    assertThat(Machine.here().host()).isNotBlank();
>>>>>>> Stashed changes
  }
}
