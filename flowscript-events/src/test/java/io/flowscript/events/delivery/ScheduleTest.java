package io.flowscript.events.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import io.flowscript.core.event.RecordedEvent;
import io.flowscript.core.log.Position;
import io.flowscript.engine.Execution;
import io.flowscript.events.delivery.ModelClient.ExpectedEvents;
import io.flowscript.json.protocol.EventFilter;
import io.flowscript.json.protocol.Scope;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Clients that subscribe, unsubscribe, move, filter, conflate, pace themselves, stall and are cut, in orders drawn from a seed, while
 * executions come, emit and end. Each message is checked by {@link ModelClient}.
 *
 * <p>{@code -Dflowscript.schedules=100000} goes through more of them; {@code -Dflowscript.schedules.seed=N} repeats one.
 */
@Timeout(3_600)
@DisplayName(
        "I1, I2, I5: whatever is asked for and whatever befalls the connection, nothing is lost, doubled or reordered")
@Tag("slow")
class ScheduleTest {

    private static final int SCHEDULES = Integer.getInteger("flowscript.schedules", 1_500);
    private static final Long SEED = Long.getLong("flowscript.schedules.seed");

    @Test
    @DisplayName("Seeded schedules of subscriptions, filters, cuts and stalls")
    void everySchedule() {
        Map<String, Integer> seen = new TreeMap<>();
        long first = SEED == null ? 1 : SEED;
        long last = SEED == null ? SCHEDULES : SEED;
        for (long seed = first; seed <= last; seed++) {
            try (Schedule schedule = new Schedule(seed, seen)) {
                schedule.play();
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError("seed " + seed + "; repeat it with -Dflowscript.schedules.seed=" + seed, e);
            }
        }
        if (SEED == null && SCHEDULES >= 1_000) {
            assertThat(seen)
                    .as("what befell the clients")
                    .containsKeys("cut", "too slow", "events_missed", "events_skipped", "position", "unsubscribed");
            assertThat(seen.values()).as("each often enough: " + seen).allMatch(times -> times > SCHEDULES / 50);
        }
    }

    private static final class Schedule implements AutoCloseable {

        private static final List<String> TYPES = List.of(
                "workflow_started",
                "node_started",
                "workflow_event",
                "state_updated",
                "node_completed",
                "workflow_completed");
        private static final int RUNS = 6;

        private final Random random;
        private final Fixture fixture;
        private final ExpectedEvents truth;
        private final Map<String, Execution> executions = new LinkedHashMap<>();
        private final Map<String, Integer> sets = new HashMap<>();
        private final List<ModelClient> clients = new ArrayList<>();

        Schedule(long seed, Map<String, Integer> seen) {
            truth = new ExpectedEvents(seen);
            random = new Random(seed);
            BridgeLimits limits = BridgeLimits.defaults()
                    .messagesPerSecond(1_000_000)
                    .messageBurst(1_000_000)
                    .batchBytes(pick(1, 500, 64 << 10))
                    .batchFrames(pick(1, 5, 256))
                    .encodedBytes(pick(0, 2_000, 64 << 20));
            fixture = Fixture.with()
                    .seed(seed)
                    .retention(pick(40, 1_000_000, 1_000_000))
                    .bridge(bridges -> bridges.limits(limits)
                            .heartbeat(Duration.ofDays(365))
                            .stallTimeout(random.nextBoolean() ? Duration.ofSeconds(2) : Duration.ofDays(1))
                            .pendingWait(Duration.ofDays(1)))
                    .build();
            for (int i = 0; i < 2; i++) {
                clients.add(new ModelClient("client-" + i, fixture.transport, truth));
            }
        }

        void play() {
            int steps = 20 + random.nextInt(60);
            for (int i = 0; i < steps; i++) {
                step();
                run(random.nextInt(6));
            }
            rest();
        }

        private void step() {
            ModelClient client = clients.get(random.nextInt(clients.size()));
            switch (random.nextInt(12)) {
                case 0, 1 -> start();
                case 2, 3, 4 -> emit();
                case 5 -> end();
                case 6, 7, 8 -> ask(client);
                case 9 -> {
                    if (client.isConnected()) {
                        if (random.nextBoolean()) {
                            client.link().stall();
                        } else {
                            client.link().resumeReading();
                        }
                    }
                }
                case 10 -> {
                    client.read();
                    if (random.nextInt(3) == 0) {
                        client.cut();
                    }
                }
                default -> fixture.clock.advance(Duration.ofMillis(random.nextInt(1_500)));
            }
        }

        private void start() {
            int number = executions.size();
            if (number == RUNS) {
                return;
            }
            String id = "e" + number;
            boolean live = random.nextInt(3) > 0;
            Execution execution = live
                    ? fixture.flows.start("live", Map.of(), id)
                    : fixture.flows.start("burst", Map.of("count", random.nextInt(20)), id);
            truth.runs.put(
                    id,
                    new ExpectedEvents.Run(
                            execution.workflowId(), execution.events().epoch()));
            executions.put(id, execution);
            fixture.live(id).is(execution);
        }

        private void emit() {
            Live live = anyLive();
            if (live == null) {
                return;
            }
            for (int i = random.nextInt(8); i >= 0; i--) {
                switch (random.nextInt(4)) {
                    case 0 -> {
                        if (sets.merge(live.id(), 1, Integer::sum) < 20) {
                            live.set("$.x" + random.nextInt(2), i);
                        }
                    }
                    case 1 -> live.emit(1);
                    default -> live.emit("test:progress", i, "thing-" + random.nextInt(3));
                }
            }
            record();
        }

        private void end() {
            Live live = anyLive();
            if (live != null && random.nextBoolean()) {
                live.end();
            }
        }

        private Live anyLive() {
            List<Live> live = new ArrayList<>();
            executions.forEach((id, execution) -> {
                if (fixture.live(id).isEntered() && !execution.status().isEnded()) {
                    live.add(fixture.live(id));
                }
            });
            return live.isEmpty() ? null : live.get(random.nextInt(live.size()));
        }

        private void ask(ModelClient client) {
            if (!client.isConnected()) {
                client.cut();
                client.connect();
                for (String id : client.known()) {
                    if (random.nextInt(4) > 0) {
                        ExpectedEvents.Run run = truth.runs.get(id);
                        String epoch = run == null ? null : run.epoch;
                        client.subscribe(
                                new Scope.OneExecution(id),
                                filter(),
                                random.nextBoolean(),
                                pace(),
                                client.at(id),
                                epoch,
                                false);
                    }
                }
                return;
            }
            if (random.nextInt(3) == 0) {
                List<Scope> asked = client.asked();
                client.unsubscribe(
                        asked.isEmpty() || random.nextInt(4) == 0 ? scope() : asked.get(random.nextInt(asked.size())));
                return;
            }
            Scope scope = scope();
            Long after = null;
            String epoch = null;
            boolean latest = random.nextInt(6) == 0;
            if (scope instanceof Scope.OneExecution one && !latest && random.nextInt(2) == 0) {
                long known = truth.latest(one.executionId());
                after = random.nextInt(8) == 0 ? known + random.nextInt(5) : random.nextInt((int) known + 1);
                ExpectedEvents.Run run = truth.runs.get(one.executionId());
                epoch = run == null || random.nextBoolean() ? null : run.epoch;
                if (random.nextInt(10) == 0) {
                    epoch = "another";
                }
            }
            client.subscribe(scope, filter(), random.nextBoolean(), pace(), after, epoch, latest);
        }

        private Scope scope() {
            return switch (random.nextInt(6)) {
                case 0 -> new Scope.All();
                case 1 -> new Scope.OneWorkflow("live");
                case 2 -> new Scope.OneWorkflow("burst");
                default -> new Scope.OneExecution("e" + random.nextInt(RUNS));
            };
        }

        private EventFilter filter() {
            return switch (random.nextInt(6)) {
                case 0 -> new EventFilter(Set.of(TYPES.get(random.nextInt(TYPES.size()))), Set.of());
                case 1 -> new EventFilter(Set.of("workflow_event", "workflow_completed"), Set.of());
                case 2 -> new EventFilter(Set.of(), Set.of(random.nextBoolean() ? "live" : "burst"));
                default -> EventFilter.NONE;
            };
        }

        private Integer pace() {
            return random.nextInt(6) == 0 ? 5 + random.nextInt(50) : null;
        }

        private int pick(int... choices) {
            return choices[random.nextInt(choices.length)];
        }

        /** Runs so many tasks, and notes what happened in each. */
        private void run(int tasks) {
            for (int i = 0; i < tasks && fixture.executor.runOne(); i++) {
                record();
            }
        }

        private void record() {
            executions.forEach((id, execution) -> {
                ExpectedEvents.Run run = truth.runs.get(id);
                while (execution.events().latest() > run.latest()) {
                    List<RecordedEvent> more = execution.events().read(Position.after(run.latest()), 1_000);
                    if (more.isEmpty()) {
                        throw new IllegalStateException("Events were dropped before the test saw them");
                    }
                    more.forEach(event -> run.events.add(event.event()));
                }
                run.oldest = execution.events().oldest();
            });
        }

        /** Lets everything that holds anything up end, and everything be delivered. */
        private void rest() {
            for (ModelClient client : clients) {
                if (client.isConnected()) {
                    client.link().resumeReading();
                }
            }
            run(Integer.MAX_VALUE);
            Instant soon = fixture.clock.instant().plusSeconds(300);
            for (Instant next = fixture.clock.next();
                    next != null && next.isBefore(soon);
                    next = fixture.clock.next()) {
                Duration wait = Duration.between(fixture.clock.instant(), next);
                fixture.clock.advance(wait.isNegative() ? Duration.ZERO : wait);
                run(Integer.MAX_VALUE);
            }
            for (ModelClient client : clients) {
                if (client.isConnected()) {
                    client.checkAtRest();
                } else {
                    client.cut();
                }
            }
        }

        @Override
        public void close() {
            fixture.close();
        }
    }
}
