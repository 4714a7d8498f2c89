package io.flowscript.testkit.crash;

/**
 * A rule that does not hold of an execution.
 *
 * @param rule the rule
 * @param executionId the id of the execution
 * @param what what was found
 * @since 0.1.0
 */
public record Violation(HistoryRule rule, String executionId, String what) {

    @Override
    public String toString() {
        return rule + " of " + executionId + ": " + what;
    }
}
