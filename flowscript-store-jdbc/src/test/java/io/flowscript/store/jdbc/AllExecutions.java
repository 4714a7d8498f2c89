package io.flowscript.store.jdbc;

import io.flowscript.core.store.ExecutionQuery;
import io.flowscript.core.store.ExecutionStore;
import io.flowscript.core.store.StoredExecution;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads all that is in a store. */
final class AllExecutions {

    private AllExecutions() {}

    /** {@return the executions by their ids, the newest first, with all their events} */
    static Map<String, StoredExecution> in(ExecutionStore store) {
        Map<String, StoredExecution> all = new LinkedHashMap<>();
        List<StoredExecution> page = page(store, Long.MAX_VALUE);
        while (!page.isEmpty()) {
            for (StoredExecution each : page) {
                String id = each.snapshot().executionId();
                all.put(id, store.find(id, Integer.MAX_VALUE).orElseThrow());
            }
            page = page(store, page.get(page.size() - 1).number());
        }
        return all;
    }

    private static List<StoredExecution> page(ExecutionStore store, long before) {
        return store.list(new ExecutionQuery.Newest(null, null, before, 1_000));
    }
}
