package io.flowscript.http;

import io.flowscript.json.protocol.ErrorCode;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/** Limits how many requests for events are open at once: streams and long polls. Safe for use by any thread. */
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
     * Counts a request as open.
     *
     * @param client the client that sends it
     * @return the task to run when the request has ended; running it again has no effect
     * @throws Refusal with 429 when the client has reached its limit, with 503 when the server has
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

    /** {@return the number of open requests} */
    int taken() {
        return taken.get();
    }

    /** {@return the problem that the server has reached its limit} */
    static Problem full() {
        return Problem.of(
                ErrorCode.TOO_MANY_CONNECTIONS,
                "As many requests for events are open as this server takes; try again later");
    }
}
