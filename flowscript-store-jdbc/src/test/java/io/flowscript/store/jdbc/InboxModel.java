package io.flowscript.store.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.flowscript.core.Assignment;
import io.flowscript.core.Identity;
import io.flowscript.core.interaction.AnswerOptions;
import io.flowscript.core.interaction.Interaction;
import io.flowscript.core.interaction.Interaction.Status;
import io.flowscript.core.interaction.Interactions;
import io.flowscript.core.log.Retention;
import io.flowscript.core.runtime.Edge;
import io.flowscript.core.runtime.NamedNode;
import io.flowscript.core.runtime.Node;
import io.flowscript.core.runtime.PauseToken;
import io.flowscript.core.runtime.Question;
import io.flowscript.core.runtime.Quorum;
import io.flowscript.core.store.Durability;
import io.flowscript.core.store.ExecutionStore;
import io.flowscript.core.testing.ManualClock;
import io.flowscript.core.workflow.Workflow;
import io.flowscript.engine.EngineLimits;
import io.flowscript.engine.Execution;
import io.flowscript.engine.FlowScript;
import io.flowscript.engine.FlowScriptBuilder;
import io.flowscript.events.inbox.Inbox;
import io.flowscript.events.inbox.InboxChange;
import io.flowscript.events.inbox.InboxQuery;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.awaitility.core.ThrowingRunnable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The inbox of an engine with a store returns what the inbox of an engine without one does, after the same commands at the same
 * times. Executions leave memory, and the engine with the store is closed and opened again.
 */
abstract class InboxModel {

    private static final List<String> PEOPLE = List.of("ann", "bob", "eve");
    private static final List<String> GROUPS = List.of("managers", "clerks", "board");
    private static final Duration PASSIVE = Duration.ofSeconds(30);
    private static final InboxQuery ALL = InboxQuery.OPEN.statuses(Status.values());

    private final ManualClock clock = new ManualClock();
    private final Map<String, Question> questions = new ConcurrentHashMap<>();
    private final AtomicInteger ids = new AtomicInteger();
    private Engine model;
    private Engine stored;
    private boolean keepsAll = true;

    /** Opens the store of the test, empty at first. */
    abstract ExecutionStore open() throws Exception;

    /** An engine and its inbox. */
    private record Engine(FlowScript flows, Inbox inbox) {

        static Engine of(FlowScriptBuilder builder) {
            FlowScript flows = builder.build();
            return new Engine(flows, Inbox.of(flows));
        }

        void close() {
            inbox.close();
            flows.close();
        }
    }

    private void begin() throws Exception {
        model = Engine.of(builder(new AtomicInteger()));
        stored = openStored();
    }

    private Engine openStored() throws Exception {
        FlowScriptBuilder builder = builder(ids).store(open());
        return Engine.of(
                keepsAll
                        ? builder.retention(new Retention(1_000, 1 << 20, Duration.ofSeconds(10)))
                        : builder.durability("contract", Durability.OFF));
    }

    private void restart() throws Exception {
        stored.close();
        stored = openStored();
    }

    @AfterEach
    void end() {
        if (stored != null) {
            stored.close();
            model.close();
        }
    }

    private FlowScriptBuilder builder(AtomicInteger numbers) {
        return FlowScript.builder()
                .node(asking("review"))
                .node(asking("sign"))
                .workflow(Workflow.named("expense").step("review").build())
                .workflow(Workflow.named("contract").step("sign").step("review").build())
                .clock(clock)
                .executor(Runnable::run)
                .engineExecutor(Runnable::run)
                .ids(() -> "id-" + numbers.incrementAndGet())
                .retention(new Retention(1_000, 1 << 20, Duration.ofDays(1_000)))
                .limits(EngineLimits.defaults().passivateAfter(PASSIVE));
    }

    private NamedNode asking(String name) {
        return Node.named(name)
                .edges("done")
                .ask(ctx -> questions.get(ctx.runtime().executionId()))
                .answered((ctx, answer) -> Edge.of("done"));
    }

    // Histories.

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void theSameHistoryGivesTheSameInbox(long seed) throws Exception {
        run(seed, 80);
    }

    @ParameterizedTest
    @ValueSource(longs = {11})
    void whatIsNotStoredIsMergedIn(long seed) throws Exception {
        keepsAll = false;
        run(seed, 80);
    }

    private void run(long seed, int steps) throws Exception {
        begin();
        Random random = new Random(seed);
        for (int i = 0; i < steps; i++) {
            step(random, i);
            for (int k = 0; k < 3; k++) {
                compare(random, "seed " + seed + ", step " + i);
            }
        }
        if (keepsAll) {
            restart();
            for (int k = 0; k < 100; k++) {
                compare(random, "seed " + seed + ", after the end");
            }
        }
    }

    private void step(Random random, int number) throws Exception {
        switch (random.nextInt(12)) {
            case 0, 1, 2, 3 -> ask(random, "run-" + number);
            case 4 ->
                each(
                        interaction(random),
                        (engine, token) -> engine.claim(token, Identity.of("ann"), Duration.ofMinutes(1)));
            case 5 -> each(interaction(random), (engine, token) -> engine.release(token, Identity.of("ann")));
            case 6, 7 -> {
                String who = pick(random, PEOPLE);
                String decision = pick(random, List.of("yes", "no"));
                each(
                        interaction(random),
                        (engine, token) ->
                                engine.answer(token, Map.of("decision", decision), AnswerOptions.by(Identity.of(who))));
            }
            case 8 -> {
                String who = pick(random, PEOPLE);
                each(
                        interaction(random),
                        (engine, token) -> engine.markSeen(
                                        token.executionId(), Set.of(token.tokenId()), Identity.of(who))
                                .toCompletableFuture()
                                .join());
            }
            case 9 -> cancel(interaction(random));
            case 10 -> {
                advance(Duration.ofSeconds(random.nextInt(100)));
            }
            default -> {
                if (keepsAll) {
                    restart();
                }
            }
        }
    }

    /** Stops whenever something is due, so that it happens at the same time in both engines. */
    private void advance(Duration by) {
        Instant end = clock.instant().plus(by);
        while (clock.instant().isBefore(end)) {
            Instant next = clock.next();
            Instant to = next == null || next.isAfter(end) ? end : next;
            clock.advance(Duration.between(clock.instant(), to));
            soon(() -> assertThat(all(stored)).isEqualTo(all(model)));
        }
    }

    private static void soon(ThrowingRunnable isSo) {
        await().pollDelay(Duration.ZERO).pollInterval(Duration.ofMillis(2)).untilAsserted(isSo);
    }

    private void ask(Random random, String id) {
        Question question = Question.open()
                .assignedTo(some(random, PEOPLE))
                .candidates(some(random, GROUPS))
                .because(pick(random, List.of("urgent", "as usual")));
        if (random.nextInt(3) == 0) {
            question = question.within(Duration.ofSeconds(1 + random.nextInt(200)));
        }
        if (random.nextInt(4) == 0) {
            question = question.notBy("eve");
        }
        if (random.nextInt(4) == 0) {
            question = question.decidedBy(new Quorum("decision", Map.of("yes", 2, "no", 2)));
        }
        if (random.nextInt(5) == 0) {
            question = question.escalate(
                    Duration.ofSeconds(1 + random.nextInt(100)), new Assignment(List.of(), List.of("board")));
        }
        questions.put(id, question);
        String workflow = pick(random, List.of("expense", "contract"));
        model.flows().start(workflow, new HashMap<>(), id);
        stored.flows().start(workflow, new HashMap<>(), id);
        awaitSame(id);
        if (random.nextBoolean()) {
            advance(Duration.ofMillis(1 + random.nextInt(100)));
        }
    }

    /** The engine with the store goes on in its own time after a command; what the command has done itself is there. */
    private void awaitSame(String executionId) {
        soon(() -> assertThat(interactions(stored, executionId)).isEqualTo(interactions(model, executionId)));
    }

    private static List<Interaction> interactions(Engine engine, String executionId) {
        Execution execution = engine.flows().executions().find(executionId).orElseThrow();
        List<Interaction> all = new ArrayList<>(execution.snapshot().open());
        all.addAll(execution.snapshot().closed());
        return all;
    }

    @FunctionalInterface
    private interface Command {
        void give(Interactions engine, PauseToken token);
    }

    private void each(Interaction to, Command command) {
        if (to == null) {
            return;
        }
        PauseToken token = to.token();
        String first = outcome(() -> command.give(model.flows().interactions(), token));
        String second = outcome(() -> command.give(stored.flows().interactions(), token));
        assertThat(second).isEqualTo(first);
        // Visible is durable: what has returned is in the inbox.
        assertThat(state(stored, token)).isEqualTo(state(model, token));
        awaitSame(token.executionId());
    }

    private static String outcome(Runnable command) {
        try {
            command.run();
            return "done";
        } catch (RuntimeException e) {
            return String.valueOf(e.getMessage());
        }
    }

    private static Interaction state(Engine engine, PauseToken token) {
        return engine.inbox().list(ALL.execution(token.executionId()), null, 100).interactions().stream()
                .filter(interaction -> interaction.token().equals(token))
                .findFirst()
                .orElse(null);
    }

    private void cancel(Interaction of) {
        if (of != null) {
            String id = of.token().executionId();
            for (Engine engine : List.of(model, stored)) {
                engine.flows().executions().find(id).orElseThrow().cancel("not needed", null);
            }
            assertThat(state(stored, of.token())).isEqualTo(state(model, of.token()));
        }
    }

    private Interaction interaction(Random random) {
        List<Interaction> all = all(model);
        return all.isEmpty() ? null : pick(random, all);
    }

    private static List<Interaction> all(Engine engine) {
        return engine.inbox().list(ALL, null, 1_000).interactions();
    }

    // Queries.

    private void compare(Random random, String when) {
        InboxQuery query = query(random);
        Predicate<Interaction> visible = random.nextInt(4) == 0
                ? interaction -> interaction.token().executionId().hashCode() % 3 == 0
                : interaction -> true;
        int limit = pick(random, List.of(4, 20, 1_000));
        String cursor = null;
        do {
            Inbox.Page right = model.inbox().list(query, visible, cursor, limit);
            Inbox.Page seen = stored.inbox().list(query, visible, cursor, limit);
            assertThat(seen).as(when).isEqualTo(right);
            cursor = right.next();
        } while (cursor != null);
        assertThat(stored.inbox().count(query)).as(when).isEqualTo(model.inbox().count(query));
        assertThat(stored.inbox().count(query, visible))
                .as(when)
                .isEqualTo(model.inbox().count(query, visible));
    }

    private InboxQuery query(Random random) {
        InboxQuery query = InboxQuery.OPEN.sorted(pick(random, List.of(InboxQuery.Order.values())));
        if (random.nextBoolean()) {
            query = query.statuses(pick(random, List.of(Status.values())), pick(random, List.of(Status.values())));
        } else if (random.nextBoolean()) {
            query = query.statuses(Status.values());
        }
        List<Consumer<InboxQuery[]>> criteria = List.of(
                some -> some[0] = some[0].assignee(pick(random, PEOPLE)),
                some -> some[0] = some[0].group(pick(random, GROUPS)),
                some -> some[0] = some[0].claimedBy("ann"),
                some -> some[0] = some[0].meantFor(
                        Identity.of(pick(random, PEOPLE), pick(random, GROUPS.subList(0, 2)), "board")),
                some -> some[0] = some[0].workflow(pick(random, List.of("expense", "contract"))),
                some -> some[0] = some[0].execution("run-" + random.nextInt(80)),
                some -> some[0] = some[0].node(pick(random, List.of("review", "sign"))),
                some -> some[0] = some[0].containing("URGENT"),
                some -> some[0] = some[0].unseen(),
                some -> some[0] = some[0].requestedBefore(clock.instant().minusSeconds(random.nextInt(100))),
                some -> some[0] = some[0].requestedAfter(clock.instant().minusSeconds(random.nextInt(300))),
                some -> some[0] = some[0].deadlineBefore(clock.instant().plusSeconds(random.nextInt(100))));
        InboxQuery[] some = {query};
        for (int i = random.nextInt(4); i > 0; i--) {
            pick(random, criteria).accept(some);
        }
        return some[0];
    }

    private static String[] some(Random random, List<String> names) {
        return names.stream().filter(name -> random.nextInt(3) == 0).toArray(String[]::new);
    }

    private static <T> T pick(Random random, List<T> some) {
        return some.get(random.nextInt(some.size()));
    }

    // Live.

    @Test
    @DisplayName("An execution that leaves memory and comes back changes nothing; what happens to it then does")
    void leavingMemoryIsNoChange() throws Exception {
        begin();
        Queue<InboxChange> changes = new ConcurrentLinkedQueue<>();
        questions.put("a", Question.open());
        stored.flows().start("expense", new HashMap<>(), "a");
        await().until(() -> stored.inbox().count(ALL).value() == 1);
        PauseToken token = all(stored).get(0).token();
        var unused = stored.inbox().subscribe(ALL, changes::add);

        awaitLeaves("a");
        stored.flows().interactions().claim(token, Identity.of("ann"), Duration.ofMinutes(1));
        await().until(() -> !changes.isEmpty());
        stored.flows().interactions().answer(token, Map.of(), AnswerOptions.by(Identity.of("ann")));
        await().until(() -> changes.stream()
                .anyMatch(change -> change instanceof InboxChange.Changed changed
                        && changed.interaction().status() == Status.ANSWERED));
        assertThat(changes).allMatch(change -> change instanceof InboxChange.Changed);

        awaitLeaves("a");
        assertThat(changes).allMatch(change -> change instanceof InboxChange.Changed);
        restart();
        assertThat(all(stored)).hasSize(1).allMatch(interaction -> interaction.status() == Status.ANSWERED);
    }

    /** Waits until an execution has left memory. Its time begins when it waits or has ended, which is a moment after somebody is told. */
    private void awaitLeaves(String id) {
        await().until(() -> {
            clock.advance(PASSIVE.plusSeconds(1));
            return !stored.flows().executions().isLoaded(id);
        });
    }

    @Test
    @DisplayName("Those that wait in the store unseen are reported when their time is over, each once")
    void unseenInTheStore() throws Exception {
        begin();
        for (int i = 0; i < 200; i++) {
            questions.put("run-" + i, Question.open());
            stored.flows().start("expense", new HashMap<>(), "run-" + i);
            clock.advance(Duration.ofMillis(10));
        }
        await().until(() -> stored.inbox().count(ALL).value() == 200);
        PauseToken seen = all(stored).get(3).token();
        stored.flows()
                .interactions()
                .markSeen(seen.executionId(), Set.of(seen.tokenId()), Identity.of("ann"))
                .toCompletableFuture()
                .join();
        restart();

        Queue<String> reported = new ConcurrentLinkedQueue<>();
        var unused = stored.inbox()
                .onUnseen(
                        InboxQuery.OPEN,
                        Duration.ofSeconds(5),
                        interaction -> reported.add(interaction.token().executionId()));
        assertThat(reported).isEmpty();
        clock.advance(Duration.ofMillis(3_500));
        await().until(() -> reported.size() >= 49);
        questions.put("later", Question.open());
        stored.flows().start("expense", new HashMap<>(), "later");
        clock.advance(Duration.ofSeconds(60));
        await().until(() -> reported.contains("later"));
        clock.advance(Duration.ofSeconds(60));

        assertThat(reported).hasSize(200).doesNotHaveDuplicates().doesNotContain(seen.executionId());
        assertThat(Objects.requireNonNull(reported.peek())).isEqualTo("run-0");
    }
}
