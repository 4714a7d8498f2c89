/**
 * A manual clock and a manual executor for deterministic tests. An engine that uses them does nothing until the test
 * advances the clock or runs a task.
 *
 * <p>The engine submits tasks. The test runs them on its own thread.
 */
@NullMarked
package io.flowscript.core.testing;

import org.jspecify.annotations.NullMarked;
