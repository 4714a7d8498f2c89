package io.flowscript.engine;

import io.flowscript.core.runtime.EngineClock;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Notices that calls of nodes wait and none gets a thread. It compares what it sees when it is asked. Safe for use by any thread. */
final class NodeStalls {

    private final EngineClock clock;
    private final EngineThreads threads;

    /** When calls were first seen to wait since the last one has begun; null before any was. Calls that wait no more have begun. */
    private @Nullable Long since;

    private long begun;

    NodeStalls(EngineClock clock, EngineThreads threads) {
        this.clock = clock;
        this.threads = threads;
    }

    /** {@return for how long calls of nodes have waited and none has got a thread, as far as this was asked meanwhile} */
    Duration last() {
        long nanos = clock.nanoTime();
        return last(nanos, threads.waitingNodes(), threads.begunNodes());
    }

    private synchronized Duration last(long nanos, int waiting, long begunNow) {
        if (waiting == 0) {
            return Duration.ZERO;
        }
        Long before = since;
        if (before == null || begunNow != begun) {
            since = nanos;
            begun = begunNow;
            return Duration.ZERO;
        }
        return Duration.ofNanos(Math.max(0, nanos - before));
    }
}
