package io.flowscript.store.jdbc;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/** The times between tries to reach a database: each about twice the one before, up to a limit, with jitter. */
final class Backoff {

    private static final Duration FIRST = Duration.ofMillis(50);
    private static final Duration LONGEST = Duration.ofSeconds(5);

    private long next = FIRST.toNanos();

    /** {@return the next time in nanoseconds, at most five seconds} */
    long next() {
        long now = next;
        next = Math.min(2 * now, LONGEST.toNanos());
        return now / 2 + ThreadLocalRandom.current().nextLong(now / 2);
    }
}
