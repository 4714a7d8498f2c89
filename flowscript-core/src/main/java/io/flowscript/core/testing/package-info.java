/**
 * Time and threads by hand, for deterministic tests: replace an engine's clock and executor with these and nothing happens
 * by itself any more.
 *
 * <p>Receives tasks from the engine; runs them on the thread of the test.
 */
@NullMarked
package io.flowscript.core.testing;

import org.jspecify.annotations.NullMarked;
