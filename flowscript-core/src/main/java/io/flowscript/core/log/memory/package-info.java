/**
 * The log in memory: a ring that keeps the events of one execution, the cursors that read it, and the list of cursors that wait
 * for the next event.
 *
 * <p>Events come in from the engine, one at a time. They go out to cursors, which read without a lock. The package is not
 * exported; all code but the engine uses {@link io.flowscript.core.log.EventLog}.
 */
@NullMarked
package io.flowscript.core.log.memory;

import org.jspecify.annotations.NullMarked;
