package io.flowscript.http;

import io.flowscript.core.runtime.EngineClock;
import io.flowscript.json.protocol.ErrorCode;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Tickets that open a WebSocket, each once and for a short time. A ticket stands for the request that fetched it: whose it is, and until
 * when that counts, is asked when the ticket is used. So a ticket is worth no more than what it was fetched with.
 *
 * <p>How many tickets are out is bounded, in all and for each identity. Safe for use by any thread.
 */
final class Tickets {

    /** The parameter of the query that has the ticket. */
    static final String PARAMETER = "ticket";

    private static final int MAX_TICKETS = 10_000;
    private static final int MAX_TICKETS_PER_IDENTITY = 20;

    /** 192 bits. */
    private static final int RANDOM_BYTES = 24;

    private final EngineClock clock;
    private final Duration time;
    private final SecureRandom random = new SecureRandom();
    private final Object lock = new Object();

    /** The tickets that are out, the oldest first. */
    private final Map<String, Held> out = new LinkedHashMap<>();

    private final Map<String, Integer> byName = new HashMap<>();

    /**
     * A ticket as the client gets it.
     *
     * @param text the ticket
     * @param expiresAt when it counts no more
     */
    record Ticket(String text, Instant expiresAt) {}

    /** What a ticket stands for, and since when, in nanoseconds. */
    private record Held(String name, ClientRequest request, long issuedAt) {}

    Tickets(EngineClock clock, Duration time) {
        this.clock = clock;
        this.time = time;
    }

    /**
     * Gives out a ticket.
     *
     * @param name the name of the identity that gets it
     * @param request the request that fetches it
     * @return the ticket
     * @throws Refusal with 429 when too many are out
     */
    Ticket issue(String name, ClientRequest request) {
        byte[] bytes = new byte[RANDOM_BYTES];
        random.nextBytes(bytes);
        String text = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
        synchronized (lock) {
            dropExpired();
            if (out.size() >= MAX_TICKETS || byName.getOrDefault(name, 0) >= MAX_TICKETS_PER_IDENTITY) {
                throw new Refusal(Problem.of(ErrorCode.RATE_LIMITED, "Too many tickets are out that were not used")
                        .header(HttpHeader.RETRY_AFTER, String.valueOf(secondsUntilRoom(name))));
            }
            out.put(text, new Held(name, request, clock.nanoTime()));
            byName.merge(name, 1, Integer::sum);
        }
        return new Ticket(text, clock.instant().plus(time));
    }

    /**
     * Takes a ticket back.
     *
     * @param text the ticket
     * @return the request that fetched it; empty when it was not given out, was used, or has expired
     */
    Optional<ClientRequest> redeem(String text) {
        synchronized (lock) {
            dropExpired();
            Held held = out.remove(text);
            if (held == null) {
                return Optional.empty();
            }
            forget(held);
            return Optional.of(held.request);
        }
    }

    private void dropExpired() {
        long now = clock.nanoTime();
        var oldest = out.values().iterator();
        while (oldest.hasNext()) {
            Held held = oldest.next();
            if (now - held.issuedAt < time.toNanos()) {
                return;
            }
            oldest.remove();
            forget(held);
        }
    }

    /** How long the oldest ticket counts that is in the way, rounded up to whole seconds. */
    private long secondsUntilRoom(String name) {
        boolean isFull = out.size() >= MAX_TICKETS;
        long oldest = out.values().stream()
                .filter(held -> isFull || held.name.equals(name))
                .findFirst()
                .orElseThrow()
                .issuedAt;
        Duration left = time.minusNanos(clock.nanoTime() - oldest);
        return Math.max(1, left.plusSeconds(1).minusNanos(1).toSeconds());
    }

    private void forget(Held held) {
        byName.computeIfPresent(held.name, (name, count) -> count == 1 ? null : count - 1);
    }
}
