package io.flowscript.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.flowscript.core.event.EventType;
import io.flowscript.core.event.HumanEvent;
import io.flowscript.core.interaction.Receipt;
import io.flowscript.core.log.Position;
import io.flowscript.core.runtime.PauseToken;
import io.flowscript.testsupport.server.ClientSchedule;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * The client of a schedule: with several subscriptions and commands. Its readers are fast, slow, choosy, and one that subscribes anew
 * from kept positions.
 */
final class ScheduledClient implements ClientSchedule.Client {

    private static final Duration PATIENCE = Duration.ofSeconds(ClientSchedule.SECONDS);
    private static final EventType[] SOME = ClientSchedule.SOME.toArray(EventType[]::new);
    private static final List<List<ClientTransport>> TRANSPORTS = List.of(
            List.of(ClientTransport.WEBSOCKET),
            List.of(ClientTransport.SSE),
            List.of(ClientTransport.POLL),
            List.of(ClientTransport.values()),
            List.of(ClientTransport.WEBSOCKET, ClientTransport.POLL));

    private final ClientSchedule schedule;
    private final List<ClientTransport> transports;
    private final FlowScriptClient client;
    private final Queue<String> changes = new ConcurrentLinkedQueue<>();
    private final Map<String, CompletableFuture<List<String>>> readers = new LinkedHashMap<>();
    private final CompletableFuture<List<String>> choosy;
    private final CompletableFuture<Void> work;
    private final CompletableFuture<ClientSchedule.Seen> seen;
    private final Map<String, Long> followed = new ConcurrentHashMap<>();
    private final List<String> gaps = Collections.synchronizedList(new ArrayList<>());

    ScheduledClient(ClientSchedule schedule, int port) {
        this.schedule = schedule;
        transports = TRANSPORTS.get((int) (schedule.seed() % TRANSPORTS.size()));
        client = client(port);
        RemoteExecution execution = client.execution("run");
        readers.put("all", collect(execution.events(), 0));
        readers.put("slow", collect(execution.events().buffer(5), 3));
        readers.put("again", CompletableFuture.supplyAsync(() -> again(execution), schedule.threads()));
        choosy = collect(execution.events().types(SOME), 0);
        var unused = client.workflow("asks").forEach(this::follow);
        work = CompletableFuture.runAsync(this::work, schedule.threads());
        seen = allSeen();
    }

    private FlowScriptClient client(int port) {
        Random choices = new Random(schedule.seed());
        return FlowScriptClient.builder(URI.create("http://127.0.0.1:" + port))
                .credentials(refused -> Credentials.bearer("user-" + schedule.seed()))
                .onConnectionChange(this::changed)
                .settings(ClientSettings.defaults()
                        .transports(transports.toArray(ClientTransport[]::new))
                        .connections(1 + choices.nextInt(3))
                        .backoff(Duration.ofMillis(2))
                        .maxBackoff(Duration.ofMillis(20))
                        .connectTimeout(Duration.ofMillis(600))
                        .pongTimeout(Duration.ofMillis(150))
                        .stable(Duration.ofMillis(100))
                        .silence(Duration.ofMillis(500))
                        .requestTimeout(Duration.ofMillis(600))
                        .pollInterval(Duration.ofMillis(20))
                        .pollWait(Duration.ofSeconds(1))
                        .fallbackAfter(1 + choices.nextInt(2))
                        .upgrade(Duration.ofMillis(40))
                        .maxUpgrade(Duration.ofMillis(200)))
                .build();
    }

    private void changed(ConnectionChange change) {
        ConnectionException error = change.error();
        String state = change.state() + " " + change.transport();
        schedule.note(state, 1);
        if (error != null && error.closeCode().isPresent()) {
            schedule.note("closed with " + error.closeCode().getAsInt(), 1);
        }
        changes.add(change.connection() + " " + state + (error == null ? "" : " " + error.getMessage()));
    }

    private CompletableFuture<ClientSchedule.Seen> allSeen() {
        List<CompletableFuture<?>> parts = new ArrayList<>(readers.values());
        parts.add(choosy);
        parts.add(work);
        return CompletableFuture.allOf(parts.toArray(CompletableFuture<?>[]::new))
                .thenApply(done -> {
                    Map<String, List<String>> all = new LinkedHashMap<>();
                    readers.forEach((name, lines) -> all.put(name, lines.join()));
                    return new ClientSchedule.Seen(all, choosy.join(), gaps);
                });
    }

    @Override
    public CompletableFuture<ClientSchedule.Seen> seen() {
        return seen;
    }

    @Override
    public void close() {
        client.close();
        schedule.note("connects", (int) client.stats().connects());
        schedule.note("doubles dropped", (int) client.stats().doubles());
    }

    /** Reads everything by a callback, which now and then takes its time. */
    private CompletableFuture<List<String>> collect(EventStream events, int slowness) {
        List<String> lines = Collections.synchronizedList(new ArrayList<>());
        Random pace = new Random(schedule.seed() + slowness);
        EventSubscription subscription = events.forEach(event -> {
            lines.add(line(event));
            if (slowness > 0 && pace.nextInt(20) < slowness) {
                schedule.pause(pace);
            }
        });
        return subscription.ended().thenApply(done -> lines);
    }

    /** Reads with one reader after the other, each from the position of the one before. */
    private List<String> again(RemoteExecution execution) {
        List<String> lines = new ArrayList<>();
        Random choices = new Random(schedule.seed() + 1);
        Position last = null;
        while (true) {
            EventStream events =
                    last == null ? execution.events() : execution.events().from(last);
            int most = 1 + choices.nextInt(60);
            try (EventReader reader = events.read(PATIENCE)) {
                for (int i = 0; i < most; i++) {
                    if (!reader.hasNext()) {
                        return lines;
                    }
                    ClientEvent event = reader.next();
                    lines.add(line(event));
                    last = event.position();
                }
            }
        }
    }

    /** Starts executions, claims and answers what they ask, and sees them end. */
    private void work() {
        Random choices = new Random(schedule.seed() + 2);
        for (int i = 0; i < schedule.runs(); i++) {
            RemoteExecution run = client.execute("asks", Map.of("key", schedule.seed() + "-" + i))
                    .join();
            try (EventReader reader = run.events().read(PATIENCE)) {
                for (ClientEvent event : reader) {
                    if (event instanceof ClientEvent.Happened happened
                            && happened.event() instanceof HumanEvent.InputRequired asked) {
                        PauseToken token = new PauseToken(run.id(), asked.nodeId(), asked.tokenId());
                        if (choices.nextBoolean()) {
                            client.claim(token, Duration.ofMinutes(1)).join();
                        }
                        Receipt receipt =
                                client.answer(token, Map.of("amount", i)).join();
                        assertThat(receipt).isInstanceOf(Receipt.Accepted.class);
                    }
                }
            }
        }
    }

    private void follow(ClientEvent event) {
        long seq = event.position().seq();
        Long before = followed.put(event.executionId(), seq);
        if (before != null && seq != before + 1) {
            gaps.add(event.executionId() + ": " + seq + " after " + before);
        }
    }

    private static String line(ClientEvent event) {
        return event instanceof ClientEvent.Happened happened
                ? ClientSchedule.line(happened.seq(), happened.event().type())
                : event.toString();
    }

    /** Which transports it may use, what is not done yet, and how its connections changed of late. */
    @Override
    public String toString() {
        List<String> last = List.copyOf(changes);
        return "over " + transports + ", done: " + readers + ", choosy " + choosy + ", work " + work + " "
                + client.stats() + " " + last.subList(Math.max(0, last.size() - 40), last.size());
    }
}
