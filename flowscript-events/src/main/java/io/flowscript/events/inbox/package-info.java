/**
 * Every question that executions ask people, in one place: {@link io.flowscript.events.inbox.Inbox} lists, counts and follows them across the
 * executions of an engine.
 *
 * <p>Receives from the engine that what an execution asks has changed, and from delivery what clients have seen; hands applications and clients pages of interactions, and what changes in
 * them.
 */
@NullMarked
package io.flowscript.events.inbox;

import org.jspecify.annotations.NullMarked;
