package io.flowscript.engine;

/**
 * What an engine holds at one moment, for monitoring.
 *
 * @param executions the executions that the engine knows, ended ones included
 * @param waitingNodes the calls of nodes that wait for a thread. When this stays above 0, nodes block all the threads
 *     that nodes have; see {@link EngineLimits#maxNodeThreads(int)}.
 * @param broken the executions that could neither continue nor be ended, for example since the memory was used up. When
 *     this is above 0, restart the process.
 * @param storeAvailable whether the store takes changes: it has not been trying to write the same ones for longer than
 *     {@link EngineLimits#maxStoreStall(java.time.Duration)}. True for an engine without a store.
 * @since 0.1.0
 */
public record EngineStats(int executions, int waitingNodes, int broken, boolean storeAvailable) {}
