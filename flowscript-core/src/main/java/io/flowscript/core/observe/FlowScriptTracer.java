package io.flowscript.core.observe;

import io.flowscript.core.event.EventType;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Makes spans of what an engine does, for tracing. Every method does nothing by default.
 *
 * <p>An execution can last longer than a process. So no span of the engine lasts as long as an execution: its start, each call of
 * a node, each commit and each answer have a span of their own. What connects them is the <em>context</em>, a text of the
 * tracer's that {@link #starting} returns with its span. The engine keeps it in the execution's snapshot and gives it back for
 * each later span, after a restart and in another process too.
 *
 * <p>Rules for every method, of spans and scopes too:
 *
 * <ul>
 *   <li><b>Threads.</b> The thread that does the work calls the method. A span can end on another thread than it has begun on. A
 * scope is closed by the thread that has entered it.
 *   <li><b>Blocking.</b> A method must return quickly and must not block. FlowScript holds no lock during a call.
 *   <li><b>Failures.</b> An exception from a method has no effect on the engine: the span is left out. The first one of each method
 * is logged.
 *   <li><b>Contents.</b> The engine gives a tracer ids, names and codes, no data of an execution.
 * </ul>
 *
 * <p>Executions that were started without a tracer have no context, and the engine makes no spans of them. Later versions may add
 * methods, which will do nothing by default.
 *
 * @since 0.1.0
 */
public interface FlowScriptTracer {

    /** How long a context may be, in characters. A longer one is not kept. */
    int MAX_CONTEXT = 512;

    /** The tracer that does nothing. */
    FlowScriptTracer NONE = new FlowScriptTracer() {};

    /**
     * An execution that has a context.
     *
     * @param workflowId the id of its workflow
     * @param executionId the id of the execution
     * @param context the context that its first span had
     * @since 0.1.0
     */
    record Traced(String workflowId, String executionId, String context) {}

    /**
     * A piece of work that is under way.
     *
     * @since 0.1.0
     */
    interface Span {

        /** The span that does nothing and has no context. */
        Span NONE = new Span() {};

        /**
         * Returns how later spans refer to this one.
         *
         * @return the context, of 1 to {@value #MAX_CONTEXT} printable characters in ASCII; null when there is none
         */
        default @Nullable String context() {
            return null;
        }

        /**
         * Makes this span the current one of the calling thread.
         *
         * @return ends that
         */
        default Scope enter() {
            return Scope.NONE;
        }

        /**
         * Ends this span. Called once.
         *
         * @param outcome what the work has come to, as a code
         * @param failed whether that is a failure
         */
        default void end(String outcome, boolean failed) {}
    }

    /**
     * A time in which a thread has a current span.
     *
     * @since 0.1.0
     */
    interface Scope extends AutoCloseable {

        /** The scope that changes nothing. */
        Scope NONE = () -> {};

        /** Ends the scope: the thread has the current span that it had before. */
        @Override
        void close();
    }

    /**
     * Returns the context of the current span of the calling thread, to hand it to another thread or process.
     *
     * @return the context; null when the thread has no current span
     */
    default @Nullable String current() {
        return null;
    }

    /**
     * Makes a span of elsewhere the current one of the calling thread.
     *
     * @param context what {@link #current} returned there, or what a client has sent; a tracer ignores what it cannot read
     * @return ends that
     */
    default Scope enter(String context) {
        return Scope.NONE;
    }

    /**
     * An execution is being started, by the calling thread, whose current span is the parent. Ends when the execution is started and,
     * with a store, stored: with the outcome {@code started} or the code of the failure.
     *
     * @param workflowId the id of its workflow
     * @param executionId the id of the execution
     * @return the span, whose context is kept with the execution
     */
    default Span starting(String workflowId, String executionId) {
        return Span.NONE;
    }

    /**
     * A node is being called, by the calling thread, for which the span is current while the node runs on it. Ends with what the call came
     * to: {@code succeeded}, the code of the failure, or {@code ended} when the call was ended from outside: by its time limit, by
     * a cancellation, or since the engine was closed.
     *
     * @param execution the execution
     * @param nodeName the name of the step that calls the node
     * @param nodeId the id of the visit
     * @param attempt the number of the attempt, from 1
     * @return the span
     */
    default Span calling(Traced execution, String nodeName, String nodeId, int attempt) {
        return Span.NONE;
    }

    /**
     * A commit of an execution is being given to the store. Ends with {@code stored} or {@code refused}.
     *
     * @param execution the execution
     * @param events the number of events in it
     * @return the span
     */
    default Span committing(Traced execution, int events) {
        return Span.NONE;
    }

    /**
     * An answer is being given by the calling thread, whose current span is the one of who answers. Ends with the code of the receipt, or of the failure.
     *
     * @param execution the execution
     * @param nodeId the id of the visit that asks
     * @return the span
     */
    default Span answering(Traced execution, String nodeId) {
        return Span.NONE;
    }

    /**
     * An execution has ended.
     *
     * @param execution the execution
     * @param createdAt when it was started
     * @param endedAt when it ended
     * @param lastEvent how it ended: {@link EventType#WORKFLOW_COMPLETED}, {@link EventType#WORKFLOW_FAILED} or
     *     {@link EventType#WORKFLOW_CANCELLED}
     */
    default void ended(Traced execution, Instant createdAt, Instant endedAt, EventType lastEvent) {}
}
