package io.flowscript.core.runtime;

import io.flowscript.core.FlowScriptException;
import io.flowscript.core.json.Json;
import java.time.Duration;

/**
 * The outcome of a node that sleeps. After the duration, the engine calls the node again with the memo. While the
 * node sleeps, the execution holds no thread, and the time does not count as work. If somebody sets the system's clock
 * meanwhile, less than a day lasts that long all the same; a day or more ends at the date.
 *
 * @param duration how long to sleep, from zero to 100 years
 * @param memo a value that the node gets back as {@link ExecutionContext#memo}, any JSON value except null. The node
 *     recognizes by it that it has slept.
 * @since 0.1.0
 */
public record Sleep(Duration duration, Object memo) implements Outcome {

    private static final Duration MAX = Duration.ofDays(36_525);

    /**
     * Checks the bounds and freezes the memo.
     *
     * @param duration from zero to 100 years
     * @param memo any JSON value but null
     * @throws FlowScriptException with code {@code invalid_duration}, or {@code invalid_value} when the memo is null
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
