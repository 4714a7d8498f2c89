/**
 * The one primitive that moves everything which waits: a task that runs one at a time and never misses a signal.
 * Listeners and the pumps of clients are made of it.
 *
 * <p>Receives signals from any thread; hands work to the application's executor. Not exported to applications.
 */
@NullMarked
package io.flowscript.core.concurrent;

import org.jspecify.annotations.NullMarked;
