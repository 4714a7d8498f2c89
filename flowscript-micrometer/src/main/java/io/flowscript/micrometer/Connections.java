package io.flowscript.micrometer;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.concurrent.atomic.AtomicInteger;

/** How many clients are connected, by transport. Safe for use by any thread. */
final class Connections {

    private final Meters<AtomicInteger> now;

    Connections(MeterRegistry registry) {
        now = new Meters<>(new String[] {"transport"}, tags -> {
            AtomicInteger count = new AtomicInteger();
            Gauge.builder("flowscript.connections", count, AtomicInteger::get)
                    .description("Clients that are connected")
                    .tags(tags)
                    .strongReference(true)
                    .register(registry);
            return count;
        });
    }

    void added(String transport) {
        now.of(transport).incrementAndGet();
    }

    void removed(String transport) {
        now.of(transport).decrementAndGet();
    }
}
