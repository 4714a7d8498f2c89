package io.flowscript.core.text;

/** Sentences that explain how something is written, for several kinds of problems. */
public final class Hints {

    /** For a flow of two items that is meant as a branch or a loop. */
    public static final String WRAP_BOTH =
            "Is it a branch or a loop? An array in the flow of an edge is a sequence, so wrap both in an array: a branch"
                    + " [[condition, {edge: flow}]], a loop [[controller, [element...]]]";

    private Hints() {}
}
