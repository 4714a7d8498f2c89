/**
 * How events leave: the ports between the delivery of events and whatever carries bytes to a client.
 *
 * <p>A transport receives batches of encoded messages from the {@link io.flowscript.core.bridge.EventBridge} through its
 * {@link io.flowscript.core.bridge.ClientChannel}, and hands inbound messages to the {@link io.flowscript.core.bridge.ClientSession}. It knows no
 * workflow: queueing, replay, limits, heartbeats and closing live above these ports.
 */
@NullMarked
package io.flowscript.core.bridge;

import org.jspecify.annotations.NullMarked;
