package io.flowscript.core.store;

/**
 * How much a store keeps of executions that have ended.
 *
 * @param ended how many executions have ended
 * @param endedBytes about how many bytes their events and snapshots need
 * @since 0.1.0
 */
public record StoreUsage(long ended, long endedBytes) {}
