package io.flowscript.engine;

import io.flowscript.core.FlowScriptException;
import io.flowscript.core.store.Durability;
import io.flowscript.core.store.ExecutionArchive;
import io.flowscript.core.store.ExecutionStore;
import io.flowscript.core.store.StoreRetention;
import io.flowscript.core.workflow.InvalidWorkflowException;
import io.flowscript.core.workflow.Problem;
import io.flowscript.core.workflow.WorkflowDefinition;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The store of an engine, and how each workflow uses it.
 *
 * @param usual the durability of workflows that have none of their own
 * @param own the durability of workflows by their id
 * @param retention which executions are kept that have ended
 * @param archive takes over those that are removed; null for nothing
 */
record Storage(
        ExecutionStore store,
        Durability usual,
        Map<String, Durability> own,
        StoreRetention retention,
        @Nullable ExecutionArchive archive) {

    Storage {
        own = Map.copyOf(own);
    }

    /**
     * How one execution is stored.
     *
     * @param waits whether the next node is called only after the step before it was stored
     * @param loaded whether the execution comes from the store
     * @param forked whether it begins a new epoch, which is stored before it goes on
     */
    record Persistence(ExecutionStore store, boolean waits, boolean loaded, boolean forked) {}

    /** {@return whether the store takes changes: it has not been trying for too long} */
    static boolean isAvailable(ExecutionStore store, EngineLimits limits) {
        Duration most = limits.maxStoreStall();
        return most == null || store.stalled().compareTo(most) <= 0;
    }

    /**
     * Refuses what cannot be stored now.
     *
     * @throws FlowScriptException with code {@code store_unavailable}
     */
    static void checkAvailable(ExecutionStore store, EngineLimits limits) {
        if (!isAvailable(store, limits)) {
            throw new FlowScriptException(
                    "store_unavailable",
                    "The server cannot store anything at the moment; nothing was done. Try again later");
        }
    }

    /** {@return how a new execution is stored; null when it is not} */
    @Nullable
    Persistence ofNew(String workflowId) {
        Durability chosen = durability(workflowId);
        return chosen == Durability.OFF ? null : new Persistence(store, chosen == Durability.SYNC, false, false);
    }

    /**
     * {@return how an execution from the store is stored further} It is, even if new ones of its workflow are not.
     *
     * @param forked whether it begins a new epoch
     */
    Persistence ofLoaded(String workflowId, boolean forked) {
        return new Persistence(store, durability(workflowId) != Durability.ASYNC, true, forked);
    }

    /**
     * Refuses a workflow whose secrets would be stored as they are.
     *
     * @throws InvalidWorkflowException with a problem whose code is {@code no_cipher}
     */
    void checkSecrets(WorkflowDefinition definition) {
        if (!definition.secrets().isEmpty() && durability(definition.id()) != Durability.OFF && !store.keepsSecrets()) {
            throw new InvalidWorkflowException(
                    definition.source(),
                    definition.problemsWith(List.of(Problem.error(
                            "/secrets",
                            "no_cipher",
                            "The workflow marks secrets, and the store has no cipher to encrypt them; open the store with"
                                    + " one, or set the durability of this workflow to OFF"))));
        }
    }

    private Durability durability(String workflowId) {
        return own.getOrDefault(workflowId, usual);
    }
}
