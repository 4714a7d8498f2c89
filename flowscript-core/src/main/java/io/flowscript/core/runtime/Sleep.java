package io.flowscript.core.runtime;

import io.flowscript.core.FlowScriptException;
import io.flowscript.core.json.Json;
import java.time.Duration;

/**
 * A node waits for a time and is then called again with its own memo. Meanwhile the execution is data and holds no
 * thread; the time does not count as work.
 *
 * @param duration how long, zero or more, at most 100 years
 * @param memo what the node wants to be told again, any JSON value; not null, or the node could not tell that it has slept
 * @since 0.1.0
 */
public record Sleep(Duration duration, Object memo) implements Outcome {

    private static final Duration MAX = Duration.ofDays(36_525);

    /**
     * Checks the bounds and freezes the memo.
     *
     * @param duration zero or more, at most 100 years
     * @param memo any JSON value but null
     * @throws FlowScriptException with code {@code invalid_duration}
     */
    public Sleep {
        if (duration.isNegative() || duration.compareTo(MAX) > 0) {
            throw new FlowScriptException(
                    "invalid_duration", "A node can sleep from zero to 100 years, not " + duration);
        }
        Object frozen = Json.freeze(memo);
        if (frozen == null) {
            throw new FlowScriptException(
                    "invalid_value", "A sleep needs a memo, or the node cannot tell that it is over");
        }
        memo = frozen;
    }
}
