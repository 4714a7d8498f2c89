package io.flowscript.core.workflow;

/**
 * The names of edges that have a meaning of their own in a workflow. Every other name is free.
 *
 * @since 0.1.0
 */
public final class EdgeNames {

    /** Ends the whole workflow. */
    public static final String EXIT = "exit";

    /** The beginning of a name that continues at a step: {@code loopTo:review} continues at the step {@code review}. */
    public static final String LOOP_TO = "loopTo:";

    /** A loop's controller runs the body once more. */
    public static final String NEXT_ITERATION = "next_iteration";

    /** A loop's controller leaves the loop. */
    public static final String EXIT_LOOP = "exit_loop";

    /** The flow of a branch for every edge that has no flow of its own, apart from {@link #ERROR} and {@link #TIMEOUT}. */
    public static final String DEFAULT = "default";

    /** The flow of a branch for a node that failed. */
    public static final String ERROR = "error";

    /** The flow of a branch for a node that took too long. */
    public static final String TIMEOUT = "timeout";

    private EdgeNames() {}

    /**
     * Whether an edge has the same effect wherever it is returned: it ends the workflow or continues at a step, and never takes a flow of a branch.
     *
     * @param name the name of an edge
     * @return true for {@link #EXIT} and for names that begin with {@link #LOOP_TO}
     */
    public static boolean isJump(String name) {
        return name.equals(EXIT) || name.startsWith(LOOP_TO);
    }

    /**
     * Whether an edge says that its node failed. Such an edge needs a flow of its own; the default flow does not take it.
     *
     * @param name the name of an edge
     * @return true for {@link #ERROR} and {@link #TIMEOUT}
     */
    public static boolean isFailure(String name) {
        return name.equals(ERROR) || name.equals(TIMEOUT);
    }
}
