/**
 * Delivery of events to clients: sessions, subscriptions, and one pump for each client. A pump is the task that moves its client's cursors forward whenever
 * the client can accept more.
 *
 * <p>Events come in from the logs of executions, through cursors; requests of clients come in from a transport. Encoded messages go out to the transport's
 * {@link io.flowscript.core.bridge.ClientChannel}; the requests go to the {@link io.flowscript.events.operations.Operations}.
 * {@link io.flowscript.events.delivery.EventBridgeBuilder} creates a bridge.
 */
@NullMarked
package io.flowscript.events.delivery;

import org.jspecify.annotations.NullMarked;
