/**
 * The interfaces between the delivery of events and the transports that carry bytes to clients.
 *
 * <p>A transport receives batches of encoded messages from the {@link io.flowscript.core.bridge.EventBridge} through
 * its {@link io.flowscript.core.bridge.ClientChannel}, and hands inbound messages to the
 * {@link io.flowscript.core.bridge.ClientSession}. A transport knows nothing of workflows. The bridge does the
 * queueing, replay, limits, heartbeats and closing.
 */
@NullMarked
package io.flowscript.core.bridge;

import org.jspecify.annotations.NullMarked;
