package io.flowscript.events.delivery;

import io.flowscript.core.FlowScriptException;
import java.time.Duration;

/**
 * How long a bridge waits for what.
 *
 * @param heartbeat between two signs of life asked for; the second one unanswered ends the connection
 * @param stall how long a client may take nothing of what is sent to it
 * @param pending how long a subscription waits for its execution
 */
record Timing(Duration heartbeat, Duration stall, Duration pending) {

    private static final Duration LONGEST = Duration.ofDays(365);

    static final Timing DEFAULTS = new Timing(Duration.ofSeconds(30), Duration.ofSeconds(60), Duration.ofMinutes(5));

    Timing {
        check(heartbeat, "heartbeat");
        check(stall, "stallTimeout");
        check(pending, "pendingWait");
    }

    static void check(Duration value, String name) {
        if (value.isNegative() || value.isZero() || value.compareTo(LONGEST) > 0) {
            throw new FlowScriptException(
                    "invalid_setting", name + " must be more than zero and at most 365 days, not " + value);
        }
    }
}
