package io.flowscript.client;

/**
 * What a client has done and has. Immutable.
 *
 * @param connections how many connections are open
 * @param connects how often a connection was opened
 * @param events how many events have come
 * @param doubles how many of them came again and were dropped
 * @param queued how many commands wait for their replies
 * @param executions how many executions are followed, counted for each connection
 * @param subscriptions how many subscriptions there are
 * @since 0.1.0
 */
public record ClientStats(
        int connections, long connects, long events, long doubles, int queued, int executions, int subscriptions) {}
