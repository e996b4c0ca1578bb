package com.example.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import io.bluegreen.gate.ProbeGate;
import org.junit.jupiter.api.Test;

/** What is optional comes with the version that the BOM names. */
class OptionalGateTest {
  @Test
  void gateWhoseLibraryTheBomNamesCanBeMade() {
    assertThat(ProbeGate.get("/health?item=1")).hasToString("probe GET /health?...");
  }
}
