package io.flowscript.http;

import io.flowscript.events.operations.TokenBucket;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * Limits the rate of requests from one address. Each address has a token bucket. The table of addresses is bounded;
 * when it is full, the least recently used address is dropped. Safe for use by any thread.
 */
final class RequestRate {

    private static final int MAX_ADDRESSES = 10_000;
    private static final int BURST_SECONDS = 2;

    private final LongSupplier clock;
    private final int perSecond;
    private final int burst;
    private final Map<String, TokenBucket> buckets = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, TokenBucket> eldest) {
            return size() > MAX_ADDRESSES;
        }
    };

    RequestRate(LongSupplier clock, int perSecond) {
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
        long now = clock.getAsLong();
        synchronized (buckets) {
            return bucket(address, now).take(now);
        }
    }

    /**
     * Counts what an address has done, whether it is within the rate or not.
     *
     * @param address the address
     */
    void count(String address) {
        long now = clock.getAsLong();
        synchronized (buckets) {
            bucket(address, now).spend(1, now);
        }
    }

    /** Whether more was counted of an address than the rate allows. An address of which nothing was counted takes no place. */
    boolean isExceeded(String address) {
        long now = clock.getAsLong();
        synchronized (buckets) {
            TokenBucket known = buckets.get(address);
            return known != null && !known.spend(0, now).isZero();
        }
    }

    private TokenBucket bucket(String address, long now) {
        return buckets.computeIfAbsent(address, first -> new TokenBucket(perSecond, burst, now));
    }

    int addresses() {
        synchronized (buckets) {
            return buckets.size();
        }
    }
}
