/**
 * Where events are kept: one append-only log per execution, and cursors that read it. There are many cursors and no queues of
 * events; replay, late joining, coming back and backpressure all are a cursor's position.
 *
 * <p>Receives events from the engine alone; hands {@link io.flowscript.core.event.RecordedEvent recorded events} to whoever holds a
 * cursor: listeners in the process, the delivery to clients, replay.
 */
@NullMarked
package io.flowscript.core.log;

import org.jspecify.annotations.NullMarked;
