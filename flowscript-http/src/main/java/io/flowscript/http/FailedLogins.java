package io.flowscript.http;

import io.flowscript.json.protocol.ErrorCode;
import java.util.function.LongSupplier;

/** Refuses those who have failed to log in too often, so that tokens cannot be tried out. Safe for use by any thread. */
final class FailedLogins {

    private final RequestRate rate;

    FailedLogins(int perSecond, LongSupplier clock) {
        this.rate = new RequestRate(clock, perSecond);
    }

    /**
     * Refuses a request before its sender is identified.
     *
     * @param network where it comes from
     * @throws Refusal with 429 when too many logins from there have failed
     */
    void check(String network) {
        if (rate.isExceeded(network)) {
            throw new Refusal(
                    Problem.of(ErrorCode.RATE_LIMITED, "Too many logins from your address have failed; wait a moment")
                            .header(HttpHeader.RETRY_AFTER, "1"));
        }
    }

    /** Counts a login that has failed. */
    void count(String network) {
        rate.count(network);
    }
}
