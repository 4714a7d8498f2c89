package io.flowscript.events.operations;

import io.flowscript.core.FlowScriptException;
import io.flowscript.core.snapshot.ExecutionStatus;
import io.flowscript.engine.Execution;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which executions are listed or counted. Immutable.
 *
 * @param workflowId only executions of this workflow; null for all
 * @param statuses only executions with one of these statuses; empty for all
 * @param text only executions whose id, or the id of whose workflow, contains this text, in upper or lower case; null for all
 * @param from only executions that were started at this time or later; null for all
 * @param to only executions that were started before this time; null for all
 * @since 0.1.0
 */
public record ExecutionFilter(
        @Nullable String workflowId,
        Set<ExecutionStatus> statuses,
        @Nullable String text,
        @Nullable Instant from,
        @Nullable Instant to) {

    /** All executions. */
    public static final ExecutionFilter ALL = new ExecutionFilter(null, Set.of(), null, null, null);

    /** The maximum length of a text, in characters. */
    public static final int MAX_TEXT = 256;

    /**
     * Copies the statuses.
     *
     * @param workflowId only executions of this workflow; null for all
     * @param statuses only executions with one of these statuses; empty for all
     * @param text only executions whose id, or the id of whose workflow, contains this text, in upper or lower case; null for all
     * @param from only executions that were started at this time or later; null for all
     * @param to only executions that were started before this time; null for all
     * @throws FlowScriptException with code {@code invalid_query} when the text is longer than {@link #MAX_TEXT}
     */
    public ExecutionFilter {
        statuses = Set.copyOf(statuses);
        if (text != null) {
            if (text.length() > MAX_TEXT) {
                throw new FlowScriptException(
                        "invalid_query", "A text to look for has " + MAX_TEXT + " characters at the most");
            }
            text = text.toLowerCase(Locale.ROOT);
        }
    }

    /**
     * Returns this filter for the executions of one workflow.
     *
     * @param id the workflow
     * @return the filter
     */
    public ExecutionFilter ofWorkflow(String id) {
        return new ExecutionFilter(id, statuses, text, from, to);
    }

    /**
     * Returns this filter for executions with some statuses.
     *
     * @param any the statuses; none for all
     * @return the filter
     */
    public ExecutionFilter having(ExecutionStatus... any) {
        return new ExecutionFilter(workflowId, Set.copyOf(List.of(any)), text, from, to);
    }

    /** Whether the filter says nothing but the workflow and the statuses. */
    boolean isByCount() {
        return text == null && from == null && to == null;
    }

    /** Whether an execution fulfils the conditions. */
    boolean matches(Execution execution) {
        return (workflowId == null || workflowId.equals(execution.workflowId()))
                && (text == null || contains(execution.id()) || contains(execution.workflowId()))
                && (statuses.isEmpty() || statuses.contains(execution.status()))
                && (isByCount() || isInTime(execution.snapshot().createdAt()));
    }

    private boolean isInTime(Instant started) {
        return (from == null || !started.isBefore(from)) && (to == null || started.isBefore(to));
    }

    private boolean contains(String id) {
        return text == null || id.toLowerCase(Locale.ROOT).contains(text);
    }
}
