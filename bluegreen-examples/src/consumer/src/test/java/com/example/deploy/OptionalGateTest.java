package com.example.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import io.bluegreen.gate.ComparisonGate;
import org.junit.jupiter.api.Test;

/** What is optional comes with the version that the BOM names. */
class OptionalGateTest {
  @Test
  void gateWhoseLibraryTheBomNamesCanBeMade() {
    assertThat(ComparisonGate.errors()).isNotNull();
  }
}
