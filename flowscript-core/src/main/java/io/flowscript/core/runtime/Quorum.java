package io.flowscript.core.runtime;

import io.flowscript.core.FlowScriptException;
import java.util.Map;

/**
 * The rule by which several people decide. Each person has one vote. The interaction closes when one value has the
 * number of votes that it needs.
 *
 * @param field the name of the answer's field that holds the vote
 * @param needed the values that can be voted for, 1 to 16, each with the number of votes that it needs, from 1 to
 *     1,000
 * @since 0.1.0
 */
public record Quorum(String field, Map<String, Integer> needed) {

    private static final int MAX_VALUES = 16;
    private static final int MAX_VOTES = 1_000;

    /**
     * Checks the bounds and copies the map.
     *
     * @param field the name of the answer's field that holds the vote
     * @param needed the values that can be voted for, each with the number of votes that it needs
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
