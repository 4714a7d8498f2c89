package io.flowscript.core.runtime;

import io.flowscript.core.FlowScriptException;
import java.util.List;

/**
 * Thrown when a workflow is started with an input that does not fit the {@code input} of its document. Its code is
 * {@code validation_failed}. Nothing was started.
 *
 * @since 0.1.0
 */
public final class InvalidInputException extends FlowScriptException {

    private static final long serialVersionUID = 1L;

    private final transient List<Violation> violations;

    /**
     * Creates an exception.
     *
     * @param violations what does not fit, at least one
     */
    public InvalidInputException(List<Violation> violations) {
        super(
                "validation_failed",
                "The input does not fit the form of the workflow: " + Violation.summary(violations)
                        + "; nothing was started");
        this.violations = List.copyOf(violations);
    }

    /** {@return what does not fit} */
    public List<Violation> violations() {
        return violations;
    }
}
