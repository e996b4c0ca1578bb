package io.bluegreen.examples.demo;

import io.bluegreen.Color;
import java.util.Optional;

/**
 * The answer to one request. Immutable.
 *
 * @param status the status code
 * @param color the colour that says it answered; empty if none does, or it is no colour
 * @param version the version that says it answered; empty if none does
 * @param last whether the server ends the connection behind it
 */
public record DemoAnswer(int status, Optional<Color> color, String version, boolean last) {}
