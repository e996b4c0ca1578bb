/**
 * Fakes for unit tests of programs that deploy. Start with {@link
 * io.bluegreen.testing.VirtualTime}, give it to the manager and to {@link
 * io.bluegreen.testing.FakeRouter}, and script the faults. The package needs no test library.
 */
@NullMarked
package io.bluegreen.testing;

import org.jspecify.annotations.NullMarked;
