/**
 * The engine against a world of its own: random scripts, every fault at every point, and an oracle
 * that shares no code with it. Start with {@code Simulation}, then {@code Oracle}.
 */
package io.bluegreen.simulation;
