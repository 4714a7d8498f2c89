package io.flowscript.core.runtime;

import java.time.Duration;
import java.time.Instant;

/**
 * The application's own idea of how human time passes: office hours, weekends, holidays. Deadlines, reminders and escalations are
 * reckoned with it, once, when a question is asked. Safe for use by any thread; called with no lock held.
 *
 * @since 0.1.0
 */
@FunctionalInterface
public interface BusinessTime {

    /**
     * A moment that lies a while after another one.
     *
     * @param from when a question is asked
     * @param time how long, more than zero
     * @return when that time is over, after {@code from}. What this throws fails the attempt of the node that asks.
     */
    Instant after(Instant from, Duration time);
}
