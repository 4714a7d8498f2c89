package io.flowscript.spring.boot;

import io.flowscript.core.workflow.InvalidWorkflowException;
import io.flowscript.core.workflow.Problem;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Says which workflow keeps the application from starting, what is wrong with it, and what would be right. Made by Spring Boot; stateless. */
final class InvalidWorkflowAnalyzer extends AbstractFailureAnalyzer<InvalidWorkflowException> {

    @Override
    protected FailureAnalysis analyze(Throwable root, InvalidWorkflowException cause) {
        boolean unknownNode =
                cause.problems().stream().map(Problem::code).anyMatch(code -> code.equals("unknown_node"));
        return new FailureAnalysis(
                cause.getMessage(),
                "Correct the workflow at the places that are named, which are JSON pointers."
                        + (unknownNode
                                ? " A node is a bean of the type io.flowscript.core.runtime.NamedNode, which Node.named(\"...\") builds; its name is the one that workflows use."
                                : ""),
                cause);
    }
}
