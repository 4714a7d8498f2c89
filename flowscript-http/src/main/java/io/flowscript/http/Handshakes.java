package io.flowscript.http;

import io.flowscript.json.protocol.ErrorCode;
import java.util.function.LongSupplier;

/**
 * Refuses WebSockets to those who open them too often, also with a login that counts: a handshake costs more than most requests. Safe for use by any
 * thread.
 */
final class Handshakes {

    private final RequestRate rate;

    Handshakes(int perSecond, LongSupplier clock) {
        this.rate = new RequestRate(clock, perSecond);
    }

    /**
     * Counts a handshake, before its sender is identified.
     *
     * @param network where it comes from
     * @throws Refusal with 429 when too many come from there
     */
    void count(String network) {
        if (!rate.take(network)) {
            throw new Refusal(Problem.of(
                            ErrorCode.RATE_LIMITED,
                            "Too many WebSockets are opened from your address; wait a moment and stay connected")
                    .header(HttpHeader.RETRY_AFTER, "1"));
        }
    }
}
