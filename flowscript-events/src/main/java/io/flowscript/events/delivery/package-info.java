/**
 * The delivery of events to clients: sessions, subscriptions, and one pump per client. A pump moves its client's
 * cursors forward whenever the client can take more.
 *
 * <p>Receives events from the logs of executions, through cursors, and the requests of clients from a transport. Hands
 * encoded messages to the transport's {@link io.flowscript.core.bridge.ClientChannel}, and what clients ask for
 * to the {@link io.flowscript.events.operations.Operations}. {@link io.flowscript.events.delivery.EventBridgeBuilder} creates it.
 */
@NullMarked
package io.flowscript.events.delivery;

import org.jspecify.annotations.NullMarked;
