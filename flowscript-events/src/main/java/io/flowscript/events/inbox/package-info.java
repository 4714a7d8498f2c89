/**
 * The inbox: {@link io.flowscript.events.inbox.Inbox} lists, counts and follows the interactions of all executions of
 * an engine.
 *
 * <p>Receives from the engine the ids of executions whose interactions have changed, and from delivery what clients
 * have seen. Hands applications and clients pages of interactions, and the changes of a query's result.
 */
@NullMarked
package io.flowscript.events.inbox;

import org.jspecify.annotations.NullMarked;
