package io.flowscript.core.workflow;

/**
 * The names of edges that have a special meaning in a workflow. Nodes can use every other name freely.
 *
 * @since 0.1.0
 */
public final class EdgeNames {

    /** Ends the whole workflow. */
    public static final String EXIT = "exit";

    /** The prefix of an edge that continues at a step: {@code loopTo:review} continues at the step {@code review}. */
    public static final String LOOP_TO = "loopTo:";

    /** Returned by a loop's controller to run the body once more. */
    public static final String NEXT_ITERATION = "next_iteration";

    /** Returned by a loop's controller to leave the loop. */
    public static final String EXIT_LOOP = "exit_loop";

    /** The flow of a branch for every edge without a flow of its own, except {@link #ERROR} and {@link #TIMEOUT}. */
    public static final String DEFAULT = "default";

    /** The flow of a branch for a node that failed. */
    public static final String ERROR = "error";

    /** The flow of a branch for a node that exceeded its timeout. */
    public static final String TIMEOUT = "timeout";

    private EdgeNames() {}

    /**
     * Checks whether an edge ends the workflow or continues at a step, so that no flow of a branch applies to it.
     *
     * @param name the name of an edge
     * @return true for {@link #EXIT} and for names that begin with {@link #LOOP_TO}
     */
    public static boolean isJump(String name) {
        return name.equals(EXIT) || name.startsWith(LOOP_TO);
    }

    /**
     * Checks whether an edge means that its node failed. The default flow of a branch does not apply to such an edge.
     *
     * @param name the name of an edge
     * @return true for {@link #ERROR} and {@link #TIMEOUT}
     */
    public static boolean isFailure(String name) {
        return name.equals(ERROR) || name.equals(TIMEOUT);
    }
}
