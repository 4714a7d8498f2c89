package io.flowscript.http;

import io.flowscript.json.protocol.ErrorCode;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/**
 * Limits how many requests for events are open at once: streams and long polls. A client that has reached its own limit
 * is not refused: its oldest request makes room for the new one, because the oldest is the most likely to be one that
 * the client has given up. Safe for use by any thread.
 */
final class RequestQuota {

    private final int max;
    private final Object lock = new Object();
    private final Map<Client, Set<Seat>> byClient = new HashMap<>();
    private int taken;

    RequestQuota(int max) {
        this.max = max;
    }

    /**
     * Whose requests count together.
     *
     * @param name the name of an identity or an address
     * @param max how many requests it may have open
     */
    record Client(String name, int max) {}

    /** An open request. */
    private static final class Seat {

        private final Client client;
        private final Runnable makeRoom;

        Seat(Client client, Runnable makeRoom) {
            this.client = client;
            this.makeRoom = makeRoom;
        }
    }

    /**
     * Counts a request as open.
     *
     * @param client the client that sends it
     * @param makeRoom run when a newer request of the client takes its place
     * @return the task to run when the request has ended; running it again has no effect
     * @throws Refusal with 503 when the server has reached its limit
     */
    Runnable take(Client client, Runnable makeRoom) {
        Seat seat = new Seat(client, makeRoom);
        Seat oldest = null;
        synchronized (lock) {
            Set<Seat> own = byClient.getOrDefault(client, Set.of());
            if (own.size() >= client.max) {
                oldest = own.iterator().next();
                remove(oldest);
            } else if (taken >= max) {
                throw new Refusal(full());
            }
            byClient.computeIfAbsent(client, first -> new LinkedHashSet<>()).add(seat);
            taken++;
        }
        if (oldest != null) {
            oldest.makeRoom.run();
        }
        return () -> giveBack(seat);
    }

    private void giveBack(Seat seat) {
        synchronized (lock) {
            remove(seat);
        }
    }

    private void remove(Seat seat) {
        Set<Seat> own = byClient.get(seat.client);
        if (own != null && own.remove(seat)) {
            taken--;
            if (own.isEmpty()) {
                byClient.remove(seat.client);
            }
        }
    }

    /** {@return the number of open requests} */
    int taken() {
        synchronized (lock) {
            return taken;
        }
    }

    /** {@return the problem that the server has reached its limit; it is worth to come back unless the limit is 0} */
    private Problem full() {
        Problem full = tooMany();
        return max == 0 ? full.withoutHeaders() : full;
    }

    /** {@return the problem that as many requests are open as the server takes} */
    static Problem tooMany() {
        return Problem.of(
                ErrorCode.TOO_MANY_CONNECTIONS,
                "As many requests for events are open as this server takes; try again later");
    }
}
