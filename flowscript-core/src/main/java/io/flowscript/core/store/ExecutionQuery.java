package io.flowscript.core.store;

import io.flowscript.core.snapshot.ExecutionSnapshot;
import io.flowscript.core.snapshot.ExecutionStatus;
import java.time.Instant;
import java.util.Comparator;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Which executions {@link ExecutionStore#list} reads, and in which order. Immutable.
 *
 * @since 0.1.0
 */
public sealed interface ExecutionQuery {

    /** {@return the greatest number of executions that are returned, from 1} */
    int limit();

    /**
     * Returns whether an execution is one of those that are read. For stores that look at each execution.
     *
     * @param execution an execution
     * @return whether it fulfils the conditions
     */
    boolean matches(StoredExecution execution);

    /** {@return the order in which executions that match are read} */
    Comparator<StoredExecution> order();

    /**
     * Executions in the order in which they were started, the newest first.
     *
     * @param workflowId only executions of this workflow; null for all
     * @param status only executions whose snapshot has this status; null for all
     * @param before only executions with a smaller {@linkplain StoredExecution#number number}; {@link Long#MAX_VALUE} for
     *     all
     * @param limit the greatest number of executions, from 1
     */
    record Newest(@Nullable String workflowId, @Nullable ExecutionStatus status, long before, int limit)
            implements ExecutionQuery {

        /**
         * Checks the limit.
         *
         * @param workflowId only executions of this workflow; null for all
         * @param status only executions whose snapshot has this status; null for all
         * @param before only executions with a smaller {@linkplain StoredExecution#number number}; {@link Long#MAX_VALUE} for all
         * @param limit the greatest number of executions, from 1
         * @throws IllegalArgumentException when it is less than 1
         */
        public Newest {
            checkLimit(limit);
        }

        @Override
        public boolean matches(StoredExecution execution) {
            ExecutionSnapshot snapshot = execution.snapshot();
            return execution.number() < before
                    && (workflowId == null || workflowId.equals(snapshot.workflowId()))
                    && (status == null || status == snapshot.status());
        }

        @Override
        public Comparator<StoredExecution> order() {
            return Comparator.comparingLong(StoredExecution::number).reversed();
        }
    }

    /**
     * Executions in which the engine has something to do without a command, by
     * {@link io.flowscript.core.snapshot.ExecutionSnapshot#dueAt}, the earliest first. Those that are due at the same time
     * are in the order of their {@linkplain StoredExecution#number numbers}.
     *
     * @param after only executions that are due later than this, or at this time with a greater number than
     *     {@code afterNumber}
     * @param afterNumber the number of an execution; {@link Long#MIN_VALUE} for all that are due at {@code after}
     * @param upTo only executions that are due at this time or before. A store may compare times in milliseconds.
     * @param limit the greatest number of executions, from 1
     */
    record Due(Instant after, long afterNumber, Instant upTo, int limit) implements ExecutionQuery {

        /**
         * Checks the limit.
         *
         * @param after only executions that are due later than this, or at this time with a greater number than {@code afterNumber}
         * @param afterNumber the number of an execution; {@link Long#MIN_VALUE} for all that are due at {@code after}
         * @param upTo only executions that are due at this time or before. A store may compare times in milliseconds.
         * @param limit the greatest number of executions, from 1
         * @throws IllegalArgumentException when it is less than 1
         */
        public Due {
            Objects.requireNonNull(after, "after");
            Objects.requireNonNull(upTo, "upTo");
            checkLimit(limit);
        }

        @Override
        public boolean matches(StoredExecution execution) {
            Instant at = execution.snapshot().dueAt();
            return at != null
                    && !at.isAfter(upTo)
                    && (at.isAfter(after) || (at.equals(after) && execution.number() > afterNumber));
        }

        @Override
        public Comparator<StoredExecution> order() {
            return Comparator.comparing((StoredExecution execution) ->
                            Objects.requireNonNullElse(execution.snapshot().dueAt(), Instant.MAX))
                    .thenComparingLong(StoredExecution::number);
        }
    }

    /**
     * Executions that have ended, the earliest end first. The end is the time of the last event.
     *
     * @param upTo only executions that have ended at this time or before. A store may compare times in milliseconds.
     * @param limit the greatest number of executions, from 1
     */
    record Ended(Instant upTo, int limit) implements ExecutionQuery {

        /**
         * Checks the limit.
         *
         * @param upTo only executions that have ended at this time or before. A store may compare times in milliseconds.
         * @param limit the greatest number of executions, from 1
         * @throws IllegalArgumentException when it is less than 1
         */
        public Ended {
            Objects.requireNonNull(upTo, "upTo");
            checkLimit(limit);
        }

        @Override
        public boolean matches(StoredExecution execution) {
            ExecutionSnapshot snapshot = execution.snapshot();
            return snapshot.status().isEnded() && !snapshot.lastEventAt().isAfter(upTo);
        }

        @Override
        public Comparator<StoredExecution> order() {
            return Comparator.comparing(
                            (StoredExecution execution) -> execution.snapshot().lastEventAt())
                    .thenComparingLong(StoredExecution::number);
        }
    }

    private static void checkLimit(int limit) {
        if (limit < 1) {
            throw new IllegalArgumentException("limit is " + limit + "; it is 1 or more");
        }
    }
}
