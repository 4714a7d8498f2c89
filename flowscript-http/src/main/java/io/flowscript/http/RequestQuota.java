package io.flowscript.http;

import io.flowscript.json.protocol.ErrorCode;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/** How many requests for events may be open at once: streams, and those that wait for an event. Safe for use by any thread. */
final class RequestQuota {

    private final int max;
    private final int maxPerClient;
    private final AtomicInteger taken = new AtomicInteger();
    private final Map<String, Integer> byClient = new ConcurrentHashMap<>();

    RequestQuota(int max, int maxPerClient) {
        this.max = max;
        this.maxPerClient = maxPerClient;
    }

    /**
     * Takes a seat.
     *
     * @param client whose
     * @return gives it back; harmless when it is run again
     * @throws Refusal with 429 or 503 when there is none
     */
    Runnable take(String client) {
        if (taken.incrementAndGet() > max) {
            taken.decrementAndGet();
            throw new Refusal(full());
        }
        int mine = byClient.merge(client, 1, Integer::sum);
        AtomicBoolean given = new AtomicBoolean();
        Runnable back = () -> {
            if (given.compareAndSet(false, true)) {
                byClient.computeIfPresent(client, (name, count) -> count == 1 ? null : count - 1);
                taken.decrementAndGet();
            }
        };
        if (mine > maxPerClient) {
            back.run();
            throw Refusal.of(
                    ErrorCode.TOO_MANY_SUBSCRIPTIONS,
                    "There are " + maxPerClient
                            + " requests of this client open for events, which is as many as it may have");
        }
        return back;
    }

    /** {@return how many are taken} */
    int taken() {
        return taken.get();
    }

    /** {@return that the server takes no more} */
    static Problem full() {
        return Problem.of(
                ErrorCode.TOO_MANY_CONNECTIONS,
                "As many requests for events are open as this server takes; try again later");
    }
}
