/**
 * What happened: the events of an execution as sealed, typed, immutable records.
 *
 * <p>Receives frozen JSON values from whoever emits (the engine, or a node through its runtime context); hands
 * {@link io.flowscript.core.event.RecordedEvent recorded events} to the log and to everybody who reads it.
 */
@NullMarked
package io.flowscript.core.event;

import org.jspecify.annotations.NullMarked;
