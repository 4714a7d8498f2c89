package io.flowscript.http;

import io.flowscript.core.runtime.EngineClock;
import io.flowscript.events.operations.TokenBucket;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Limits the rate of requests from one address. Each address has a token bucket. The table of addresses is bounded;
 * when it is full, the least recently used address is dropped. Safe for use by any thread.
 */
final class RequestRate {

    private static final int MAX_ADDRESSES = 10_000;
    private static final int BURST_SECONDS = 2;

    private final EngineClock clock;
    private final int perSecond;
    private final int burst;
    private final Map<String, TokenBucket> buckets = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, TokenBucket> eldest) {
            return size() > MAX_ADDRESSES;
        }
    };

    RequestRate(EngineClock clock, int perSecond) {
        this.clock = clock;
        this.perSecond = perSecond;
        this.burst = (int) Math.min(Integer.MAX_VALUE, BURST_SECONDS * (long) perSecond);
    }

    /**
     * Counts a request.
     *
     * @param address the address that it comes from
     * @return whether it is accepted
     */
    boolean take(String address) {
        long now = clock.nanoTime();
        synchronized (buckets) {
            return buckets.computeIfAbsent(address, first -> new TokenBucket(perSecond, burst, now))
                    .take(now);
        }
    }

    int addresses() {
        synchronized (buckets) {
            return buckets.size();
        }
    }
}
