package io.flowscript.events.delivery;

import io.flowscript.core.FlowScriptException;
import java.time.Duration;

/**
 * The times of a bridge, each more than zero and at most 365 days.
 *
 * @param heartbeat the interval between two pings; a client that has not answered the last ping by then is disconnected
 * @param stall how long a client may take nothing of a batch before it is disconnected
 * @param pending how long a subscription waits for an execution that does not exist yet
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
