package io.flowscript.http;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * How long the body of a request may take. It begins when the head of the request is complete. It is looked at when a part comes, since a container
 * itself ends a request of which nothing comes. Safe for use by any thread.
 */
final class BodyTime {

    private final LongSupplier nanoTime;
    private final long begun;
    private final long limit;

    BodyTime(LongSupplier nanoTime, Duration limit) {
        this.nanoTime = nanoTime;
        this.begun = nanoTime.getAsLong();
        this.limit = limit.toNanos();
    }

    boolean isOver() {
        return nanoTime.getAsLong() - begun > limit;
    }
}
