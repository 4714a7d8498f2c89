package io.flowscript.http;

import io.flowscript.core.testing.ForwardingStore;
import io.flowscript.core.testing.MemoryStore;
import java.time.Duration;
import java.util.function.Supplier;

/** A store that says for how long it has not been able to write as the test tells it. */
final class StallingStore extends ForwardingStore {

    private final Supplier<Duration> stalled;

    StallingStore(Supplier<Duration> stalled) {
        super(new MemoryStore());
        this.stalled = stalled;
    }

    @Override
    public Duration stalled() {
        return stalled.get();
    }
}
