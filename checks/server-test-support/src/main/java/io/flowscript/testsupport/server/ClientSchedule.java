package io.flowscript.testsupport.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.flowscript.core.event.EventType;
import io.flowscript.core.runtime.Edge;
import io.flowscript.core.runtime.ExecutionContext;
import io.flowscript.core.runtime.Node;
import io.flowscript.core.runtime.Outcome;
import io.flowscript.core.workflow.WorkflowDefinition;
import io.flowscript.engine.Execution;
import io.flowscript.engine.FlowScript;
import io.flowscript.testkit.fault.ExpectedEvents;
import io.flowscript.testkit.fault.FaultPlan;
import io.flowscript.testkit.fault.SocketSchedules;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import java.util.stream.LongStream;

/**
 * One schedule: the execution {@code run} of a busy workflow, a server that is restarted, a network with faults, and one client with
 * several readers and commands. The client starts executions of the workflow {@code asks}, each with a {@code key} of its own, and
 * answers what they ask.
 */
public final class ClientSchedule {

    /** The types of the events that a choosy reader wants. */
    public static final List<EventType> SOME = List.of(EventType.NODE_EXECUTING, EventType.WORKFLOW_COMPLETED);

    /** How long anything in a schedule may take. */
    public static final int SECONDS = 60;

    private final long seed;
    private final SocketSchedules.Server server;
    private final Connector connector;
    private final Executor threads;
    private final Random random;
    private final FaultPlan plan;
    private final int runs;
    private final CompletableFuture<ExecutionContext> entered = new CompletableFuture<>();
    private final CompletableFuture<Outcome> outcome = new CompletableFuture<>();
    private final Map<String, Integer> started = new ConcurrentHashMap<>();
    private final Map<String, Integer> seen = new ConcurrentHashMap<>();
    private final CountDownLatch over = new CountDownLatch(1);

    /** Makes the client of a schedule. */
    @FunctionalInterface
    public interface Connector {

        /**
         * Begins a client, which connects to a port of the loopback interface.
         *
         * @param schedule says what the client does
         */
        Client connect(ClientSchedule schedule, int port);
    }

    /** The client of a schedule. Its text tells how it stands. */
    public interface Client extends AutoCloseable {

        /** What it has seen. Complete when all executions have ended for all its readers. */
        CompletableFuture<Seen> seen();

        @Override
        void close();
    }

    /**
     * What a client has seen. An event is a {@link ClientSchedule#line}.
     *
     * @param all the events of the execution {@code run} by each reader that wants all of them
     * @param some those of the reader that wants only {@link ClientSchedule#SOME}
     * @param gaps where events of the workflow {@code asks} were missing
     */
    public record Seen(Map<String, List<String>> all, List<String> some, List<?> gaps) {}

    ClientSchedule(long seed, SocketSchedules.Server server, Connector connector, Executor threads) {
        this.seed = seed;
        this.server = server;
        this.connector = connector;
        this.threads = threads;
        random = new Random(seed * 7_919);
        plan = FaultPlan.draw(random);
        runs = random.nextInt(1, 5);
    }

    // ---- for clients ----

    public long seed() {
        return seed;
    }

    /** How many executions of {@code asks} the client starts. */
    public int runs() {
        return runs;
    }

    /** What a client draws from while it begins. */
    public Random random() {
        return random;
    }

    /** Runs what waits. */
    public Executor threads() {
        return threads;
    }

    /** Counts something that was seen. */
    public void note(String what, int times) {
        seen.merge(what, times, Integer::sum);
    }

    /** Waits for some milliseconds, at most until the schedule is over. */
    public void pause(Random draws) {
        try {
            over.await(draws.nextInt(1, 15), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** How an event is told. */
    public static String line(long seq, EventType type) {
        return seq + " " + type.wireName();
    }

    // ---- playing ----

    /** Plays it. {@return what was seen, and how often} */
    Map<String, Integer> play() throws Exception {
        try (FlowScript flows = engine()) {
            Execution run = flows.start("busy", Map.of(), "run");
            ExpectedEvents truth = new ExpectedEvents(run.events());
            try (FaultyServer faulty = new FaultyServer(flows, server, plan, seed, threads);
                    Client client = connector.connect(this, faulty.proxy().port())) {
                causeEvents(entered.get(SECONDS, TimeUnit.SECONDS), truth, faulty);
                outcome.complete(Edge.of("done"));
                run.result().get(SECONDS, TimeUnit.SECONDS);
                truth.record();
                check(await(client, faulty), truth, about(client, faulty));
                note("events", (int) truth.latest());
                note("commands", runs * 2);
                faulty.proxy().struck().forEach((fault, times) -> note("fault " + fault, times));
            } finally {
                over.countDown();
            }
        }
        return seen;
    }

    private FlowScript engine() {
        return FlowScript.builder()
                .node("busy", Node.async(context -> {
                    entered.complete(context);
                    return outcome;
                }))
                .node("count", context -> {
                    started.merge(String.valueOf(context.state().get("key")), 1, Integer::sum);
                    return Edge.of("done");
                })
                .workflow(WorkflowDefinition.of(Map.of("id", "busy", "nodes", List.of("busy"))))
                .workflow(WorkflowDefinition.of(
                        Map.of("id", "asks", "nodes", List.of("count", Map.of("formInput", Map.of())))))
                .build();
    }

    private void causeEvents(ExecutionContext context, ExpectedEvents truth, FaultyServer faulty) {
        int restarts = random.nextInt(3);
        for (int i = 0; i <= restarts; i++) {
            emit(context, truth);
            faulty.calm();
            if (i < restarts) {
                note("restarts", 1);
                faulty.restart(random, () -> pause(random));
            }
        }
    }

    private void emit(ExecutionContext context, ExpectedEvents truth) {
        for (int i = random.nextInt(30, 120); i > 0; i--) {
            context.runtime().emit("test:text", "x".repeat(random.nextInt(400)));
            truth.record();
            if (random.nextInt(10) == 0) {
                pause(random);
            }
        }
    }

    private Seen await(Client client, FaultyServer faulty) throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
        while (System.nanoTime() - end < 0) {
            faulty.calm();
            try {
                return client.seen().get(10, TimeUnit.MILLISECONDS);
            } catch (TimeoutException e) {
                // the network is calmed, and the client goes on
            } catch (ExecutionException e) {
                throw new AssertionError(about(client, faulty), e.getCause());
            }
        }
        throw new AssertionError("The client has not seen the end in time: " + about(client, faulty));
    }

    private String about(Client client, FaultyServer faulty) {
        return "seed " + seed + " " + client + " " + faulty.proxy();
    }

    private void check(Seen told, ExpectedEvents truth, String about) {
        List<String> everything = lines(truth, type -> true);
        told.all().forEach((reader, lines) -> same(reader, lines, everything, about));
        same("some", told.some(), lines(truth, SOME::contains), about);
        assertThat(told.gaps()).as(about).isEmpty();
        assertThat(started)
                .as("commands, " + about)
                .hasSize(runs)
                .allSatisfy((key, times) -> assertThat(times).as(key).isOne());
    }

    private static List<String> lines(ExpectedEvents truth, Predicate<EventType> isWanted) {
        return LongStream.rangeClosed(1, truth.latest())
                .mapToObj(truth::event)
                .filter(event -> isWanted.test(event.event().type()))
                .map(event -> line(event.seq(), event.event().type()))
                .toList();
    }

    /** Names the first event that is lost, doubled or out of order. */
    private static void same(String reader, List<String> got, List<String> expected, String about) {
        int equal = 0;
        while (equal < Math.min(got.size(), expected.size()) && got.get(equal).equals(expected.get(equal))) {
            equal++;
        }
        assertThat(got.subList(equal, Math.min(got.size(), equal + 5)))
                .as(reader + " after " + equal + " of " + expected.size() + " events, " + about)
                .isEqualTo(expected.subList(equal, Math.min(expected.size(), equal + 5)));
    }
}
