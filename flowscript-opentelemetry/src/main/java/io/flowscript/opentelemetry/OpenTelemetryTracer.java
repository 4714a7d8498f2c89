package io.flowscript.opentelemetry;

import io.flowscript.core.event.EventType;
import io.flowscript.core.observe.FlowScriptTracer;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Makes spans with OpenTelemetry. All spans of an execution are in one trace, which goes on after a restart and in another process.
 *
 * <pre>{@code
 * FlowScript flows = FlowScript.builder().tracer(OpenTelemetryTracer.of(openTelemetry))....build();
 * }</pre>
 *
 * <p>The page on operations in the project's documentation lists the spans and their attributes. The context that is kept with an
 * execution is the {@code traceparent} of the W3C's Trace Context.
 *
 * <p>Safe for use by any thread.
 *
 * @since 0.1.0
 */
public final class OpenTelemetryTracer implements FlowScriptTracer {

    /** The name of the library that makes the spans. */
    public static final String SCOPE = "io.flowscript";

    static final AttributeKey<String> WORKFLOW = AttributeKey.stringKey("flowscript.workflow.id");
    static final AttributeKey<String> EXECUTION = AttributeKey.stringKey("flowscript.execution.id");
    static final AttributeKey<String> NODE = AttributeKey.stringKey("flowscript.node.name");
    static final AttributeKey<String> NODE_ID = AttributeKey.stringKey("flowscript.node.id");
    static final AttributeKey<Long> ATTEMPT = AttributeKey.longKey("flowscript.node.attempt");
    static final AttributeKey<Long> EVENTS = AttributeKey.longKey("flowscript.commit.events");

    private final Tracer tracer;

    private OpenTelemetryTracer(Tracer tracer) {
        this.tracer = tracer;
    }

    /**
     * Creates a tracer.
     *
     * @param openTelemetry the application's OpenTelemetry, which the application closes
     * @return the tracer, to be given to the engine's builder
     */
    public static OpenTelemetryTracer of(OpenTelemetry openTelemetry) {
        return new OpenTelemetryTracer(openTelemetry.getTracer(SCOPE));
    }

    @Override
    public @Nullable String current() {
        return TraceParent.of(Context.current());
    }

    @Override
    public Scope enter(String context) {
        return OpenTelemetrySpan.enter(TraceParent.read(context, Context.current()));
    }

    @Override
    public Span starting(String workflowId, String executionId) {
        return begun(span("start " + workflowId, workflowId, executionId).setParent(Context.current()));
    }

    @Override
    public Span calling(Traced execution, String nodeName, String nodeId, int attempt) {
        return begun(span("call " + nodeName, execution)
                .setAttribute(NODE, nodeName)
                .setAttribute(NODE_ID, nodeId)
                .setAttribute(ATTEMPT, (long) attempt));
    }

    @Override
    public Span committing(Traced execution, int events) {
        return begun(span("commit", execution).setAttribute(EVENTS, (long) events));
    }

    @Override
    public Span answering(Traced execution, String nodeId) {
        SpanBuilder span = span("answer", execution).setAttribute(NODE_ID, nodeId);
        SpanContext caller =
                io.opentelemetry.api.trace.Span.fromContext(Context.current()).getSpanContext();
        return begun(caller.isValid() ? span.addLink(caller) : span);
    }

    @Override
    public void ended(Traced execution, Instant createdAt, Instant endedAt, EventType lastEvent) {
        io.opentelemetry.api.trace.Span whole = span("execution " + execution.workflowId(), execution)
                .setStartTimestamp(createdAt)
                .startSpan();
        String name = lastEvent.name();
        OpenTelemetrySpan.outcome(whole, name.substring(name.indexOf(':') + 1));
        if (lastEvent.equals(EventType.WORKFLOW_FAILED)) {
            whole.setStatus(StatusCode.ERROR);
        }
        whole.end(endedAt);
    }

    private SpanBuilder span(String name, Traced execution) {
        return span(name, execution.workflowId(), execution.executionId())
                .setParent(TraceParent.read(execution.context(), Context.root()));
    }

    private SpanBuilder span(String name, String workflowId, String executionId) {
        return tracer.spanBuilder(name).setAttribute(WORKFLOW, workflowId).setAttribute(EXECUTION, executionId);
    }

    private static Span begun(SpanBuilder span) {
        return new OpenTelemetrySpan(span.startSpan());
    }
}
