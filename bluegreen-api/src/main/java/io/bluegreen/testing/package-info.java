/**
 * Fakes for unit tests of programs that deploy: start with {@link
 * io.bluegreen.testing.VirtualTime}, give it to the manager and to {@link
 * io.bluegreen.testing.FakeRouter}, and script what goes wrong. Needs no test library.
 */
@NullMarked
package io.bluegreen.testing;

import org.jspecify.annotations.NullMarked;
