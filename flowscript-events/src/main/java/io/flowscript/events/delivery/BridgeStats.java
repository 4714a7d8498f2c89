package io.flowscript.events.delivery;

/**
 * The resources that a bridge holds for its clients at one moment, for monitoring. All figures return to 0 when all
 * clients have disconnected, except {@code encodedBytes}: encoded events are freed together with their logs.
 *
 * @param connections connected clients
 * @param subscriptions subscriptions that clients have made and not ended
 * @param followed executions that are delivered to clients, counted once for each client
 * @param pending subscriptions that wait for an execution that does not exist yet
 * @param outstandingBytes bytes that were handed to transports and are not sent yet
 * @param encodedBytes bytes of encoded events that clients share
 * @since 0.1.0
 */
public record BridgeStats(
        int connections, int subscriptions, int followed, int pending, long outstandingBytes, long encodedBytes) {}
