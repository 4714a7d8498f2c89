package io.flowscript.engine;

import io.flowscript.core.workflow.WorkflowDefinition;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The interpreters of definitions that are not registered, or not any more. Those that were used last are kept. Safe for use by any thread; compiles with no lock held.
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
        Interpreter known = find(definition.hash());
        return known == null ? keep(compiler.apply(definition)) : known;
    }

    /** {@return the interpreter of the definition with a hash; null when it is not kept} */
    @Nullable
    Interpreter find(String hash) {
        synchronized (byHash) {
            return byHash.get(hash);
        }
    }

    /** Keeps an interpreter. {@return the one that is kept for the definition} */
    Interpreter keep(Interpreter interpreter) {
        synchronized (byHash) {
            @Nullable
            Interpreter other = byHash.putIfAbsent(interpreter.definition().hash(), interpreter);
            return other == null ? interpreter : other;
        }
    }
}
