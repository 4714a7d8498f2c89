package io.flowscript.json.protocol;

/**
 * The executions that a subscription covers. The scope also identifies the subscription when a client ends it. When
 * several subscriptions of a client cover the same execution, the narrowest one applies.
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
     * All executions of one workflow that run now or start later.
     *
     * @param workflowId its id
     */
    record OneWorkflow(String workflowId) implements Scope {}

    /** All executions that run now or start later. */
    record All() implements Scope {}
}
