package io.flowscript.http;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Limits how many requests are taken from one address: a bucket of tokens each, in a table that forgets the address that was not heard of
 * for the longest time. Safe for use by any thread.
 */
final class RequestRate {

    private static final int MAX_ADDRESSES = 10_000;
    private static final int BURST_SECONDS = 2;
    private static final double NANOS_PER_SECOND = 1e9;

    private final InstantSource clock;
    private final int perSecond;
    private final Map<String, Bucket> buckets = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Bucket> eldest) {
            return size() > MAX_ADDRESSES;
        }
    };

    RequestRate(InstantSource clock, int perSecond) {
        this.clock = clock;
        this.perSecond = perSecond;
    }

    /**
     * Counts a request.
     *
     * @param address where it comes from
     * @return whether it is taken
     */
    boolean take(String address) {
        Instant now = clock.instant();
        synchronized (buckets) {
            Bucket bucket = buckets.computeIfAbsent(address, a -> new Bucket(now, BURST_SECONDS * (double) perSecond));
            return bucket.take(now, perSecond);
        }
    }

    int addresses() {
        synchronized (buckets) {
            return buckets.size();
        }
    }

    private static final class Bucket {

        private Instant filledAt;
        private double tokens;

        Bucket(Instant filledAt, double tokens) {
            this.filledAt = filledAt;
            this.tokens = tokens;
        }

        boolean take(Instant now, int perSecond) {
            if (now.isAfter(filledAt)) {
                Duration passed = Duration.between(filledAt, now);
                double gained = (passed.toSeconds() + passed.toNanosPart() / NANOS_PER_SECOND) * perSecond;
                tokens = Math.min(BURST_SECONDS * (double) perSecond, tokens + gained);
                filledAt = now;
            }
            if (tokens < 1) {
                return false;
            }
            tokens--;
            return true;
        }
    }
}
