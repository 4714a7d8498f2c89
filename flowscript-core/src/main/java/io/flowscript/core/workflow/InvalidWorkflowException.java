package io.flowscript.core.workflow;

import io.flowscript.core.FlowScriptException;
import java.util.List;

/**
 * Thrown when a workflow definition cannot be run. It lists all problems. The code is {@code invalid_workflow}.
 *
 * @since 0.1.0
 */
public final class InvalidWorkflowException extends FlowScriptException {

    private static final long serialVersionUID = 1L;

    private final transient List<Problem> problems;

    /**
     * Creates an exception for one definition.
     *
     * @param source the source of the definition: its id or the name of a file
     * @param problems the problems, at least one
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
     * Combines the exceptions of several definitions into one.
     *
     * @param several the exceptions, at least one
     * @return the given exception if there is only one, otherwise an exception with the messages and problems of all
     */
    public static InvalidWorkflowException of(List<InvalidWorkflowException> several) {
        return several.size() == 1 ? several.get(0) : new InvalidWorkflowException(several);
    }

    /** {@return all problems, in the order of the document} */
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
