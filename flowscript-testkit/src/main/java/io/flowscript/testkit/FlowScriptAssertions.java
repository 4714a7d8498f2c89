package io.flowscript.testkit;

import io.flowscript.core.engine.Execution;
import io.flowscript.core.interaction.Receipt;
import java.lang.StackWalker.Option;

/**
 * Where assertions about executions and receipts begin; for a static import beside AssertJ's own.
 *
 * @since 0.1.0
 */
public final class FlowScriptAssertions {

    private FlowScriptAssertions() {}

    /**
     * Begins assertions about an execution.
     *
     * @param execution the execution
     * @return the assertions
     */
    public static ExecutionAssert assertThat(Execution execution) {
        return new ExecutionAssert(execution);
    }

    /**
     * Begins assertions about a receipt.
     *
     * @param receipt the receipt
     * @return the assertions
     */
    public static ReceiptAssert assertThat(Receipt receipt) {
        return new ReceiptAssert(receipt);
    }

    /**
     * The events that are written down in a file beside the test class that calls this, for {@link ExecutionAssert#emitted(GoldenEvents)}.
     *
     * @param name the name of the file, such as {@code expense.events}
     * @return the events
     */
    public static GoldenEvents golden(String name) {
        return GoldenEvents.of(
                StackWalker.getInstance(Option.RETAIN_CLASS_REFERENCE).getCallerClass(), name);
    }
}
