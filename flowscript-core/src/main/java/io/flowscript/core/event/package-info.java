/**
 * The events of an execution, as typed immutable records.
 *
 * <p>Events come in from the engine, and from nodes through their runtime context. They go out to the log as
 * {@link io.flowscript.core.event.RecordedEvent recorded events}, and from there to all readers of the log.
 */
@NullMarked
package io.flowscript.core.event;

import org.jspecify.annotations.NullMarked;
