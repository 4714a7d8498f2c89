package io.flowscript.engine;

import java.util.List;

/**
 * What a {@linkplain FlowScript#migrate migration} has come to.
 *
 * @param moved how many executions run the registered version now
 * @param left how many executions of other versions stay as they are
 * @param reasons why, for the first 1,000 of them
 * @since 0.1.0
 */
public record MigrationReport(int moved, int left, List<Refusal> reasons) {

    static final int MAX_REASONS = 1_000;

    /**
     * Copies the list.
     *
     * @param moved how many executions run the registered version now
     * @param left how many executions of other versions stay as they are
     * @param reasons why, for the first 1,000 of them
     */
    public MigrationReport {
        reasons = List.copyOf(reasons);
    }

    /**
     * Why an execution stays as it is.
     *
     * @param executionId the execution
     * @param reason the reason, as a sentence for people
     */
    public record Refusal(String executionId, String reason) {}
}
