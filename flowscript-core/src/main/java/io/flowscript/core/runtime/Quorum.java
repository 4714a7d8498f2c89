package io.flowscript.core.runtime;

import io.flowscript.core.FlowScriptException;
import java.util.Map;

/**
 * Several people decide: each has one vote, and the question is closed by the vote that gives one value as many as it needs.
 *
 * @param field the field of an answer that is the vote
 * @param needed the values that can be voted for, at most 16, each with the votes that decide for it, from 1 to 1,000
 * @since 0.1.0
 */
public record Quorum(String field, Map<String, Integer> needed) {

    private static final int MAX_VALUES = 16;
    private static final int MAX_VOTES = 1_000;

    /**
     * Checks and copies.
     *
     * @param field the field of an answer that is the vote
     * @param needed the values that can be voted for, with the votes that decide for each
     * @throws FlowScriptException with code {@code invalid_question}
     */
    public Quorum {
        needed = Map.copyOf(needed);
        boolean possible = !needed.isEmpty() && needed.size() <= MAX_VALUES;
        for (int votes : needed.values()) {
            possible &= votes >= 1 && votes <= MAX_VOTES;
        }
        if (!possible) {
            throw new FlowScriptException(
                    "invalid_question",
                    "A quorum is between 1 to " + MAX_VALUES + " values, each with 1 to " + MAX_VOTES + " votes, not "
                            + needed);
        }
    }
}
