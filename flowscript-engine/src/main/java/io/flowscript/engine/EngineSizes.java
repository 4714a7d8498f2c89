package io.flowscript.engine;

import io.flowscript.core.store.StoreUsage;
import org.jspecify.annotations.Nullable;

/**
 * How much an engine keeps.
 *
 * @param logEvents the events in memory
 * @param logBytes an estimate of their memory, in bytes
 * @param stateBytes an estimate of the memory of executions without their events, in bytes
 * @param stored what the store keeps of executions that have ended; null for an engine without a store, and while the store cannot be read
 * @since 0.1.0
 */
public record EngineSizes(
        long logEvents,
        long logBytes,
        long stateBytes,
        @Nullable StoreUsage stored) {}
