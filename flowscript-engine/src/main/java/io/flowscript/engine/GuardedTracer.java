package io.flowscript.engine;

import io.flowscript.core.concurrent.Guard;
import io.flowscript.core.event.EventType;
import io.flowscript.core.observe.FlowScriptTracer;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Instant;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Forwards calls to a tracer and catches its exceptions, and those of its spans. The first failure of each method is logged. Safe
 * for use by any thread.
 */
final class GuardedTracer implements FlowScriptTracer {

    private static final Logger LOGGER = System.getLogger(FlowScriptTracer.class.getName());

    private final FlowScriptTracer tracer;
    private final Set<String> failed = ConcurrentHashMap.newKeySet();

    private GuardedTracer(FlowScriptTracer tracer) {
        this.tracer = tracer;
    }

    /** {@return the same tracer, guarded; {@link FlowScriptTracer#NONE} needs no guard} */
    static FlowScriptTracer guard(FlowScriptTracer tracer) {
        return tracer == NONE ? NONE : new GuardedTracer(tracer);
    }

    @Override
    public @Nullable String current() {
        return checked("current", call("current", tracer::current, null));
    }

    @Override
    public Scope enter(String context) {
        return scope("enter", () -> tracer.enter(context));
    }

    @Override
    public Span starting(String workflowId, String executionId) {
        return span("starting", () -> tracer.starting(workflowId, executionId));
    }

    @Override
    public Span calling(Traced execution, String nodeName, String nodeId, int attempt) {
        return span("calling", () -> tracer.calling(execution, nodeName, nodeId, attempt));
    }

    @Override
    public Span committing(Traced execution, int events) {
        return span("committing", () -> tracer.committing(execution, events));
    }

    @Override
    public Span answering(Traced execution, String nodeId) {
        return span("answering", () -> tracer.answering(execution, nodeId));
    }

    @Override
    public void ended(Traced execution, Instant createdAt, Instant endedAt, EventType lastEvent) {
        Guard.run(() -> tracer.ended(execution, createdAt, endedAt, lastEvent), thrown -> failed("ended", thrown));
    }

    @SuppressWarnings("ReferenceEquality") // the constant
    private Span span(String method, Supplier<@Nullable Span> begins) {
        Span begun = call(method, begins, null);
        return begun == null || begun == Span.NONE ? Span.NONE : new GuardedSpan(begun);
    }

    private Scope scope(String method, Supplier<@Nullable Scope> enters) {
        Scope entered = call(method, enters, null);
        return entered == null ? Scope.NONE : () -> Guard.run(entered::close, thrown -> failed("Scope.close", thrown));
    }

    private <T> @Nullable T call(String method, Supplier<@Nullable T> code, @Nullable T otherwise) {
        return Guard.call(code, thrown -> {
            failed(method, thrown);
            return otherwise;
        });
    }

    /** {@return the context, if it can be kept} */
    private @Nullable String checked(String method, @Nullable String context) {
        if (context == null) {
            return null;
        }
        boolean fits = !context.isEmpty()
                && context.length() <= MAX_CONTEXT
                && context.chars().allMatch(each -> each >= ' ' && each <= '~');
        if (!fits) {
            failed(method, new IllegalArgumentException("A context has 1 to " + MAX_CONTEXT + " printable characters"));
        }
        return fits ? context : null;
    }

    private void failed(String method, Throwable thrown) {
        if (failed.add(method)) {
            Guard.report(
                    thrown,
                    shown -> LOGGER.log(
                            Level.WARNING,
                            "The tracer's method " + method
                                    + " failed; nothing else is affected, and later failures of it are not logged",
                            shown));
        }
    }

    private final class GuardedSpan implements Span {

        private final Span span;

        GuardedSpan(Span span) {
            this.span = span;
        }

        @Override
        public @Nullable String context() {
            return checked("Span.context", call("Span.context", span::context, null));
        }

        @Override
        public Scope enter() {
            return scope("Span.enter", span::enter);
        }

        @Override
        public void end(String outcome, boolean failure) {
            Guard.run(() -> span.end(outcome, failure), thrown -> failed("Span.end", thrown));
        }
    }
}
