package io.flowscript.http;

import io.flowscript.core.Identity;
import io.flowscript.core.concurrent.RecentValue;
import io.flowscript.core.runtime.EngineClock;
import io.flowscript.events.operations.Operations;
import java.time.Duration;
import java.util.function.Supplier;

/**
 * The metrics of the application as text, for those who may see the figures of the server. They are written at most once a second, however
 * many ask. Safe for use by any thread.
 */
final class MetricsResource {

    /** The text format of Prometheus, version 0.0.4. */
    private static final String TYPE = "text/plain; version=0.0.4; charset=utf-8";

    private final Operations operations;
    private final EngineClock clock;
    private final Supplier<String> scrape;
    private final RecentValue<String> text = new RecentValue<>(Duration.ofSeconds(1));

    MetricsResource(Operations operations, EngineClock clock, Supplier<String> scrape) {
        this.operations = operations;
        this.clock = clock;
        this.scrape = scrape;
    }

    HttpResponse show(Identity who, ResponseHeaders headers) {
        operations.checkObserve(who);
        return HttpResponse.text(headers, TYPE, text.get(clock.nanoTime(), scrape));
    }
}
