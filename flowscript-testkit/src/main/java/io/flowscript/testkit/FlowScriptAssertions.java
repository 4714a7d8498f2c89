package io.flowscript.testkit;

import io.flowscript.core.interaction.Receipt;
import io.flowscript.engine.Execution;
import java.lang.StackWalker.Option;

/**
 * Entry point of assertions about executions and receipts, for a static import beside AssertJ's own. Stateless.
 *
 * @since 0.1.0
 */
public final class FlowScriptAssertions {

    private FlowScriptAssertions() {}

    /**
     * Creates assertions about an execution.
     *
     * @param execution the execution
     * @return the assertions
     */
    public static ExecutionAssert assertThat(Execution execution) {
        return new ExecutionAssert(execution);
    }

    /**
     * Creates assertions about a receipt.
     *
     * @param receipt the receipt
     * @return the assertions
     */
    public static ReceiptAssert assertThat(Receipt receipt) {
        return new ReceiptAssert(receipt);
    }

    /**
     * Returns the golden file of a name in the package of the test class that calls this method, for {@link
     * ExecutionAssert#emitted(GoldenEvents)}.
     *
     * @param name the name of the file, such as {@code expense.events}
     * @return the golden file
     */
    public static GoldenEvents golden(String name) {
        return GoldenEvents.of(
                StackWalker.getInstance(Option.RETAIN_CLASS_REFERENCE).getCallerClass(), name);
    }
}
