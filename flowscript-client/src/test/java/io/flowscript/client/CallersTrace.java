package io.flowscript.client;

import io.flowscript.core.observe.FlowScriptTracer;
import org.jspecify.annotations.Nullable;

/** Makes no spans: an execution has the context of whoever has started it. */
final class CallersTrace implements FlowScriptTracer {

    private final ThreadLocal<@Nullable String> current = new ThreadLocal<>();

    @Override
    public @Nullable String current() {
        return current.get();
    }

    @Override
    public Scope enter(String context) {
        String before = current.get();
        current.set(context);
        return () -> current.set(before);
    }

    @Override
    public Span starting(String workflowId, String executionId) {
        String caller = current.get();
        return new Span() {
            @Override
            public @Nullable String context() {
                return caller;
            }
        };
    }
}
