/**
 * The log in memory: the events of one execution in a ring that grows as it must, cursors that are a number each, and the
 * waiting list by which an append wakes them.
 *
 * <p>Receives events from the engine, one append at a time; hands them to cursors, which read without a lock. Not exported: everybody
 * but the engine knows it as {@link io.flowscript.core.log.EventLog}.
 */
@NullMarked
package io.flowscript.core.log.memory;

import org.jspecify.annotations.NullMarked;
