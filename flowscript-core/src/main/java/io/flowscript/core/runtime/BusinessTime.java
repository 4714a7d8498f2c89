package io.flowscript.core.runtime;

import java.time.Duration;
import java.time.Instant;

/**
 * The application's calendar: office hours, weekends, holidays. The engine computes the times of deadlines, reminders
 * and escalations with it, once, when a question is asked. Implementations must be safe for use by any thread; the
 * engine calls them with no lock held.
 *
 * @since 0.1.0
 */
@FunctionalInterface
public interface BusinessTime {

    /**
     * Adds business time to an instant.
     *
     * @param from the time at which the question is asked
     * @param time the business time to add, more than zero
     * @return the instant at which that time is over, after {@code from}. An exception fails the attempt of the node
     *     that asks.
     */
    Instant after(Instant from, Duration time);
}
