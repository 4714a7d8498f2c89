/**
 * The delivery of events to clients: sessions, subscriptions, and one pump per client that moves that client's cursors forward when
 * it can take more.
 *
 * <p>Receives events from the logs of executions, by cursors, and requests of clients from a transport; hands encoded messages to the
 * transport's {@link io.flowscript.core.bridge.ClientChannel}, and what clients ask for to the {@link io.flowscript.events.operations.Operations}. Begun by
 * {@link io.flowscript.events.delivery.EventBridgeBuilder}.
 */
@NullMarked
package io.flowscript.events.delivery;

import org.jspecify.annotations.NullMarked;
