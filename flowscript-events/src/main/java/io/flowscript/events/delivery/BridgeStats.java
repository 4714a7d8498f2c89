package io.flowscript.events.delivery;

/**
 * What a bridge has in hand for its clients at a moment, for monitoring. All of it goes back to 0 when the clients have gone, but for the encoded
 * events: those go with the logs that they belong to.
 *
 * @param connections clients that are connected
 * @param subscriptions what they asked for and have not unsubscribed from
 * @param followed executions that are delivered to them, each counted once for each client
 * @param pending subscriptions that wait for their execution to come to be
 * @param outstandingBytes bytes that transports were given and have not taken yet
 * @param encodedBytes bytes of encoded events that clients share
 * @since 0.1.0
 */
public record BridgeStats(
        int connections, int subscriptions, int followed, int pending, long outstandingBytes, long encodedBytes) {}
