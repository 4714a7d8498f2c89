/**
 * A task that runs again after each signal, one run at a time. The engine calls listeners, and the bridges send events to
 * clients, in such tasks.
 *
 * <p>Signals come in from any thread; runs go out to the application's executor. {@code MemoryBudget} counts the memory that many users share;
 * {@code RecentValue} keeps for a while what costs much to make. Not exported to applications.
 */
@NullMarked
package io.flowscript.core.concurrent;

import org.jspecify.annotations.NullMarked;
