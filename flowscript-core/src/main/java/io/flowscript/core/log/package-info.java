/**
 * The logs that keep events: one append-only log per execution, and cursors that read it. A reader has a cursor and no queue
 * of its own. A new, slow or reconnecting reader differs from others only in the position of its cursor.
 *
 * <p>Events come in from the engine only. They go out as {@link io.flowscript.core.event.RecordedEvent recorded events} to
 * everything that has a cursor: listeners in the process, and the delivery to clients.
 */
@NullMarked
package io.flowscript.core.log;

import org.jspecify.annotations.NullMarked;
