package io.flowscript.core.workflow;

import io.flowscript.core.FlowScriptException;
import java.util.List;

/**
 * A workflow definition cannot be run. Lists every problem at once. Code: {@code invalid_workflow}.
 *
 * @since 0.1.0
 */
public final class InvalidWorkflowException extends FlowScriptException {

    private static final long serialVersionUID = 1L;

    private final transient List<Problem> problems;

    /**
     * Makes an exception of problems.
     *
     * @param source what was read: an id, or a file's name
     * @param problems at least one
     */
    public InvalidWorkflowException(String source, List<Problem> problems) {
        super("invalid_workflow", message(source, problems));
        this.problems = List.copyOf(problems);
    }

    private InvalidWorkflowException(List<InvalidWorkflowException> several) {
        super(
                "invalid_workflow",
                String.join(
                        "\n",
                        several.stream().map(FlowScriptException::getMessage).toList()));
        this.problems = several.stream().flatMap(each -> each.problems.stream()).toList();
    }

    /**
     * One exception for several definitions.
     *
     * @param several at least one
     * @return the only one, or one with the messages and the problems of all
     */
    public static InvalidWorkflowException of(List<InvalidWorkflowException> several) {
        return several.size() == 1 ? several.get(0) : new InvalidWorkflowException(several);
    }

    /** {@return every problem, in the order of the document} */
    public List<Problem> problems() {
        return problems;
    }

    private static String message(String source, List<Problem> problems) {
        StringBuilder message = new StringBuilder("The workflow \"" + source + "\" has " + problems.size()
                + (problems.size() == 1 ? " problem:" : " problems:"));
        for (Problem problem : problems) {
            message.append("\n  ").append(problem);
        }
        return message.toString();
    }
}
