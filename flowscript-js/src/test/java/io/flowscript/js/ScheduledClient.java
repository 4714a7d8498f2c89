package io.flowscript.js;

import io.flowscript.core.event.EventType;
import io.flowscript.json.codec.JsonReader;
import io.flowscript.json.codec.JsonWriter;
import io.flowscript.testsupport.server.ClientSchedule;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/** The JavaScript client of a schedule, which ends by itself. */
final class ScheduledClient implements ClientSchedule.Client {

    static final int JSON_DEPTH = 64;

    private static final List<List<String>> TRANSPORTS = List.of(
            List.of("websocket"),
            List.of("sse"),
            List.of("poll"),
            List.of("websocket", "sse", "poll"),
            List.of("websocket", "poll"));

    private final ClientSchedule schedule;
    private final boolean isShared;
    private final List<String> transports;
    private final CompletableFuture<ClientSchedule.Seen> seen;

    /**
     * Begins a client.
     *
     * @param player plays the part of a schedule's client; the argument and the result are JSON
     */
    ScheduledClient(ClientSchedule schedule, int port, Function<String, CompletableFuture<String>> player) {
        this.schedule = schedule;
        isShared = schedule.random().nextInt(3) == 0;
        transports = TRANSPORTS.get(schedule.random().nextInt(TRANSPORTS.size()));
        byte[] part = JsonWriter.write(Map.of(
                "seed",
                schedule.seed(),
                "url",
                "http://127.0.0.1:" + port,
                "transports",
                transports,
                "runs",
                schedule.runs(),
                "shared",
                isShared,
                "types",
                ClientSchedule.SOME.stream().map(EventType::wireName).toList()));
        seen = player.apply(new String(part, StandardCharsets.UTF_8)).thenApply(this::read);
    }

    @SuppressWarnings("unchecked")
    private ClientSchedule.Seen read(String result) {
        Map<String, Object> told = (Map<String, Object>) new JsonReader(JSON_DEPTH).read(result);
        if (told.get("failure") != null) {
            throw new AssertionError(told.get("failure"));
        }
        Map<String, Object> stats = (Map<String, Object>) told.get("stats");
        schedule.note("reconnects", ((Number) stats.get("reconnects")).intValue());
        schedule.note("doubles dropped", ((Number) stats.get("doubles")).intValue());
        schedule.note(Boolean.TRUE.equals(stats.get("shared")) ? "shared" : "alone", 1);
        ((Map<String, Object>) told.get("states")).keySet().forEach(state -> schedule.note(state, 1));
        return new ClientSchedule.Seen(
                Map.of("all", (List<String>) told.get("all"), "slow", (List<String>) told.get("slow")),
                (List<String>) told.get("some"),
                (List<?>) told.get("gaps"));
    }

    @Override
    public CompletableFuture<ClientSchedule.Seen> seen() {
        return seen;
    }

    @Override
    public void close() {
        // it ends with its last event
    }

    @Override
    public String toString() {
        return "over " + transports + (isShared ? " by the shared worker" : "");
    }
}
