package io.flowscript.engine;

import io.flowscript.core.workflow.WorkflowDefinition;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The interpreters of definitions that are not registered, or not any more, and that executions from the store run. Those
 * that were used last are kept. Safe for use by any thread; compiles with no lock held.
 */
final class CompiledVersions {

    private static final int MAX = 256;

    private final Function<WorkflowDefinition, Interpreter> compiler;

    /** By the hash of the definition. Guarded by itself. */
    private final Map<String, Interpreter> byHash = new LinkedHashMap<>(16, 0.75f, true) {

        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Interpreter> eldest) {
            return size() > MAX;
        }
    };

    CompiledVersions(Function<WorkflowDefinition, Interpreter> compiler) {
        this.compiler = compiler;
    }

    /**
     * Returns the interpreter of a definition.
     *
     * @throws io.flowscript.core.FlowScriptException when the definition cannot be run
     */
    Interpreter of(WorkflowDefinition definition) {
        Interpreter known;
        synchronized (byHash) {
            known = byHash.get(definition.hash());
        }
        if (known != null) {
            return known;
        }
        Interpreter compiled = compiler.apply(definition);
        synchronized (byHash) {
            @Nullable Interpreter other = byHash.putIfAbsent(definition.hash(), compiled);
            return other == null ? compiled : other;
        }
    }
}
