package io.flowscript.opentelemetry;

import io.flowscript.core.observe.FlowScriptTracer.Scope;
import io.flowscript.core.observe.FlowScriptTracer.Span;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.context.Context;
import org.jspecify.annotations.Nullable;

/** A span of OpenTelemetry. Safe for use by any thread. */
final class OpenTelemetrySpan implements Span {

    static final AttributeKey<String> OUTCOME = AttributeKey.stringKey("flowscript.outcome");
    static final AttributeKey<String> ERROR = AttributeKey.stringKey("error.type");

    private final io.opentelemetry.api.trace.Span span;

    OpenTelemetrySpan(io.opentelemetry.api.trace.Span span) {
        this.span = span;
    }

    static void outcome(io.opentelemetry.api.trace.Span span, String outcome) {
        span.setAttribute(OUTCOME, outcome);
    }

    @Override
    public @Nullable String context() {
        return TraceParent.of(Context.root().with(span));
    }

    @Override
    public Scope enter() {
        return enter(Context.current().with(span));
    }

    /** Makes a context the current one, until the engine closes the scope. */
    @SuppressWarnings("MustBeClosedChecker") // the scope that is returned closes it
    static Scope enter(Context context) {
        return context.makeCurrent()::close;
    }

    @Override
    public void end(String outcome, boolean failed) {
        outcome(span, outcome);
        if (failed) {
            span.setAttribute(ERROR, outcome);
            span.setStatus(StatusCode.ERROR);
        }
        span.end();
    }
}
