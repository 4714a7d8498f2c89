package io.flowscript.json.protocol;

/**
 * What a subscription is about, and the key it is ended by. Of several that one execution falls under, the narrowest decides.
 *
 * @since 0.1.0
 */
public sealed interface Scope {

    /**
     * One execution.
     *
     * @param executionId its id
     */
    record OneExecution(String executionId) implements Scope {}

    /**
     * Every execution of one workflow that runs or will run.
     *
     * @param workflowId its id
     */
    record OneWorkflow(String workflowId) implements Scope {}

    /** Every execution that runs or will run. */
    record All() implements Scope {}
}
