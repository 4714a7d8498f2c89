package io.flowscript.engine;

import static io.flowscript.engine.TestEngine.events;
import static io.flowscript.engine.TestEngine.workflow;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.flowscript.core.FlowScriptException;
import io.flowscript.core.Identity;
import io.flowscript.core.event.RecordedEvent;
import io.flowscript.core.interaction.AnswerOptions;
import io.flowscript.core.interaction.Interaction;
import io.flowscript.core.interaction.Receipt;
import io.flowscript.core.log.Cursor;
import io.flowscript.core.log.Position;
import io.flowscript.core.log.Read;
import io.flowscript.core.runtime.Edge;
import io.flowscript.core.runtime.Node;
import io.flowscript.core.runtime.PauseToken;
import io.flowscript.core.runtime.Question;
import io.flowscript.core.snapshot.ExecutionResult;
import io.flowscript.core.snapshot.ExecutionStatus;
import io.flowscript.core.store.Commit;
import io.flowscript.core.store.ExecutionQuery;
import io.flowscript.core.store.SharedStore;
import io.flowscript.core.testing.ManualClock;
import io.flowscript.core.testing.SharedMemoryStore;
import io.flowscript.core.workflow.WorkflowDefinition;
import java.lang.ref.WeakReference;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Several engines that share a store: each execution is advanced by one of them, and seen and answered in all. */
@Tag("slow")
class ClusterTest {

    private static final Duration LEASE = Duration.ofSeconds(10);

    private final ManualClock clock = new ManualClock();
    private final SharedMemoryStore store = SharedMemoryStore.create(clock, LEASE);
    private final List<FlowScript> engines = new ArrayList<>();
    private final Map<String, CountDownLatch> gates = new ConcurrentHashMap<>();
    private int ids;

    private final Node ask = context -> context.answer() == null
            ? Question.open().ask("?")
            : Edge.of("ok", context.answer().data());

    private final Node gate = context -> {
        CountDownLatch latch = gates.get(context.runtime().executionId() + "#" + context.attempt());
        if (latch != null) {
            latch.await();
        }
        return Edge.of("ok");
    };

    private FlowScript engine(SharedStore member) {
        return engine(member, builder -> builder.workflow(workflow("gate", "ask", "gate", "ask")));
    }

    private FlowScript engine(SharedStore member, Consumer<FlowScriptBuilder> settings) {
        FlowScriptBuilder builder =
                FlowScript.builder().clock(clock).store(member).node("ask", ask).node("gate", gate);
        settings.accept(builder);
        FlowScript engine = builder.build();
        engines.add(engine);
        return engine;
    }

    @AfterEach
    void close() {
        gates.values().forEach(CountDownLatch::countDown);
        engines.forEach(FlowScript::close);
    }

    private static int shards(FlowScript engine) {
        return ((Engine) engine).ownedShards();
    }

    private void balance() {
        int share = (SharedStore.SHARDS + engines.size() - 1) / engines.size();
        await().until(() -> {
            clock.advance(LEASE.dividedBy(3));
            return engines.stream().allMatch(engine -> shards(engine) <= share)
                    && engines.stream().mapToInt(ClusterTest::shards).sum() == SharedStore.SHARDS;
        });
    }

    /** {@return an id that no other call has returned, in a shard that a member keeps when a second one joins, or in one that it does not} */
    private String id(boolean keeps) {
        return IntStream.iterate(ids, i -> i + 1)
                .peek(i -> ids = i + 1)
                .mapToObj(i -> "run-" + i)
                .filter(id -> SharedStore.shardOf(id) < SharedStore.SHARDS / 2 == keeps)
                .findFirst()
                .orElseThrow();
    }

    /** Runs the newest task first, so that one that was submitted long ago comes late. */
    private static final class NewestFirst implements Executor {

        private final Deque<Runnable> tasks = new ConcurrentLinkedDeque<>();

        @Override
        public void execute(Runnable task) {
            tasks.push(task);
        }

        void runAll() {
            for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
                task.run();
            }
        }
    }

    /** A second member joins, and an engine that has all shards gives it the upper half. */
    private void losesHalf(SharedMemoryStore second, NewestFirst threads) {
        SharedStore.Ownership unused = second.renew();
        clock.advance(LEASE.dividedBy(3));
        threads.runAll();
    }

    /** Time goes on, and neither the first member nor a second one expires, however late the thread of the engine is. */
    private void bothStay(SharedMemoryStore second) {
        SharedStore.Ownership unused = store.renew();
        SharedStore.Ownership unusedOther = second.renew();
        clock.advance(LEASE.dividedBy(3));
    }

    private static void awaitPaused(FlowScript engine, String id, int answered) {
        await().until(() -> {
            Execution now = find(engine, id);
            return now.status() == ExecutionStatus.PAUSED
                    && now.snapshot().closed().size() == answered;
        });
    }

    private static Execution find(FlowScript engine, String id) {
        return engine.executions().find(id).orElseThrow();
    }

    private static Receipt answer(FlowScript engine, String id, Object answer) {
        PauseToken token = find(engine, id).interactions().get(0).token();
        return engine.interactions().answer(token, answer, AnswerOptions.NONE);
    }

    private static List<Long> numbers(Execution execution) {
        return events(execution).stream().map(RecordedEvent::seq).toList();
    }

    /** Reads with a cursor until it has so many, or the end. */
    private static List<Long> read(Cursor cursor, int count) {
        List<Long> seen = new ArrayList<>();
        await().until(() -> {
            Read read = cursor.read(100);
            if (read instanceof Read.Events found) {
                found.events().forEach(event -> seen.add(event.seq()));
            }
            assertThat(read).isNotInstanceOf(Read.Missed.class);
            return seen.size() >= count || read instanceof Read.Ended;
        });
        return seen;
    }

    @Test
    @DisplayName("an execution is found, followed and answered in another engine, which has the receipt and the result")
    void answeredElsewhere() throws Exception {
        FlowScript one = engine(store);
        FlowScript two = engine(store.join());
        balance();
        Execution started = one.start("w", Map.of());
        String id = started.id();
        awaitPaused(one, id, 0);

        Execution seen = find(two, id);
        assertThat(events(seen)).isEqualTo(events(started));
        Cursor cursor = seen.events().cursor(Position.START);
        assertThat(answer(two, id, 1)).isInstanceOf(Receipt.Accepted.class);
        awaitPaused(two, id, 1);
        assertThat(answer(two, id, 2)).isInstanceOf(Receipt.Accepted.class);
        assertThat(seen.result().get(10, TimeUnit.SECONDS).status()).isEqualTo(ExecutionStatus.COMPLETED);
        assertThat(started.result().get(10, TimeUnit.SECONDS).status()).isEqualTo(ExecutionStatus.COMPLETED);
        assertThat(read(cursor, Integer.MAX_VALUE)).isEqualTo(numbers(started));
    }

    @Test
    @DisplayName("claims, releases, cancellations and refusals come back from where they were carried out")
    void commandsElsewhere() {
        FlowScript one = engine(store);
        FlowScript two = engine(store.join());
        balance();
        Execution started = one.start("w", Map.of());
        String id = started.id();
        awaitPaused(one, id, 0);
        PauseToken token = started.interactions().get(0).token();
        Identity ann = Identity.of("ann");
        Identity bob = Identity.of("bob", "staff");

        Interaction claimed = two.interactions().claim(token, ann, Duration.ofMinutes(5));
        assertThat(claimed.claim().by()).isEqualTo("ann");
        assertThat(started.interactions().get(0).claim().by()).isEqualTo("ann");
        assertThat(two.interactions().answer(token, 1, AnswerOptions.by(bob))).isInstanceOf(Receipt.Forbidden.class);
        assertThatThrownBy(() -> two.interactions().release(token, bob)).hasMessageContaining("claim");
        assertThat(two.interactions().release(token, ann).claim()).isNull();
        two.interactions()
                .markSeen(id, Set.of(token.tokenId()), bob)
                .toCompletableFuture()
                .join();
        assertThat(started.interactions().get(0).seenBy()).contains("bob");
        assertThat(find(two, id).cancel("no", ann)).isTrue();
        assertThat(started.status()).isEqualTo(ExecutionStatus.CANCELLED);
        assertThat(find(two, id).cancel("no", null)).isFalse();
        assertThat(two.interactions().answer(token, 1, AnswerOptions.NONE)).isInstanceOf(Receipt.Cancelled.class);
    }

    @Test
    @DisplayName("who cancels an execution in another engine sees it cancelled at once")
    void cancelledElsewhere() {
        FlowScript one = engine(store);
        FlowScript two = engine(store.join());
        balance();
        for (int i = 0; i < 50; i++) {
            String id = one.start("w", Map.of()).id();
            Execution elsewhere = find(two, id);
            assertThat(elsewhere.cancel("no", null)).isTrue();
            assertThat(elsewhere.status()).isEqualTo(ExecutionStatus.CANCELLED);
        }
    }

    @Test
    @DisplayName("an execution is started where its id belongs, and its id can be used once")
    void startedElsewhere() {
        FlowScript one = engine(store);
        FlowScript two = engine(store.join());
        balance();
        for (int i = 0; i < 20; i++) {
            String id = "run-" + i;
            assertThat(one.start("w", Map.of(), id).id()).isEqualTo(id);
            awaitPaused(two, id, 0);
            assertThatThrownBy(() -> two.start("w", Map.of(), id)).hasMessageContaining("already");
        }
        assertThat(one.executions().size()).isBetween(1, 19);
        assertThat(one.executions().size() + two.executions().size()).isEqualTo(20);
        assertThat(one.executions().list(null, null, null, 100)).hasSize(20);
        assertThat(two.executions().list(null, ExecutionStatus.PAUSED, null, 100))
                .hasSize(20);
    }

    @Test
    @DisplayName(
            "when a process dies, another one goes on after a lease: what waited can be answered, what worked runs again")
    void takenOver() {
        FlowScript one = engine(store);
        FlowScript two = engine(store.join());
        balance();
        String waiting = one.start("w", Map.of()).id();
        awaitPaused(one, waiting, 0);
        String working = IntStream.range(0, 1_000)
                .mapToObj(i -> "run-" + i)
                .filter(((Engine) one)::owns)
                .findFirst()
                .orElseThrow();
        gates.put(working + "#1", new CountDownLatch(1));
        Execution unused = one.start("w", Map.of(), working);
        Cursor ofWorking = find(two, working).events().cursor(Position.START);
        Cursor ofWaiting = find(two, waiting).events().cursor(Position.START);
        store.crash();

        await().until(() -> {
            clock.advance(Duration.ofSeconds(1));
            return find(two, working).status() == ExecutionStatus.PAUSED;
        });
        assertThat(TestEngine.story(find(two, working))).contains("failed gate-1 interrupted will retry");
        assertThat(read(ofWorking, numbers(find(two, working)).size())).isEqualTo(numbers(find(two, working)));
        assertThat(answer(two, waiting, 1)).isInstanceOf(Receipt.Accepted.class);
        awaitPaused(two, waiting, 1);
        assertThat(answer(two, waiting, 2)).isInstanceOf(Receipt.Accepted.class);
        assertThat(read(ofWaiting, Integer.MAX_VALUE)).isEqualTo(numbers(find(two, waiting)));
    }

    @Test
    @DisplayName("a listener to all hears in each engine every event of every execution, in order, once")
    void heardEverywhere() {
        engine(store);
        engine(store.join());
        engine(store.join());
        balance();
        List<Map<String, List<Long>>> heard = new ArrayList<>();
        for (FlowScript engine : engines) {
            heard.add(listen(engine));
        }
        List<String> runs = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            runs.add(engines.get(i % 3).start("w", Map.of()).id());
        }
        for (int round = 0; round < 2; round++) {
            for (int i = 0; i < 30; i++) {
                FlowScript other = engines.get((i + 1 + round) % 3);
                awaitPaused(other, runs.get(i), round);
                assertThat(answer(other, runs.get(i), i)).isInstanceOf(Receipt.Accepted.class);
            }
        }
        Map<String, List<Long>> all = new HashMap<>();
        for (String run : runs) {
            await().until(() -> find(engines.get(0), run).status() == ExecutionStatus.COMPLETED);
            all.put(run, numbers(find(engines.get(0), run)));
        }
        for (Map<String, List<Long>> mine : heard) {
            await().untilAsserted(() -> assertThat(mine).isEqualTo(all));
        }
    }

    @Test
    @DisplayName("a process that was paused beyond its lease writes nothing, and then follows what the new owner does")
    void paused() {
        FlowScript one = engine(store);
        Execution mine = one.start("w", Map.of(), "first");
        awaitPaused(one, "first", 0);
        // No time passes for the engine, so it does not know that its lease is over.
        store.expire();
        FlowScript two = engine(store.join());
        assertThat(shards(two)).isEqualTo(SharedStore.SHARDS);
        assertThat(shards(one)).isEqualTo(SharedStore.SHARDS);

        assertThat(answer(one, "first", 1)).as("the new owner's receipt").isInstanceOf(Receipt.Accepted.class);
        awaitPaused(two, "first", 1);
        assertThat(two.executions().isLoaded("first")).isTrue();
        await().untilAsserted(
                        () -> assertThat(one.executions().isLoaded("first")).isFalse());
        await().untilAsserted(() -> assertThat(events(mine)).isEqualTo(events(find(two, "first"))));
        assertThat(answer(one, "first", 2)).isInstanceOf(Receipt.Accepted.class);
        await().until(() -> mine.status() == ExecutionStatus.COMPLETED);
    }

    @Test
    @DisplayName(
            "a process whose lease is over finds an execution as its new owner has it, also when it is asked without blocking")
    void foundAfterAPause() {
        NewestFirst threads = new NewestFirst();
        FlowScript one = engine(
                store,
                builder ->
                        builder.workflow(workflow("gate", "ask", "gate", "ask")).engineExecutor(threads));
        CompletableFuture<Execution> started = CompletableFuture.supplyAsync(() -> one.start("w", Map.of(), "first"));
        await().until(() -> {
            threads.runAll();
            return started.isDone() && started.join().status() == ExecutionStatus.PAUSED;
        });
        SharedMemoryStore second = store.join();
        store.expire();
        clock.advance(LEASE.plusMillis(1)); // none of its tasks runs meanwhile
        FlowScript two = engine(second);
        assertThat(answer(two, "first", 1)).isInstanceOf(Receipt.Accepted.class);
        awaitPaused(two, "first", 1);

        CompletableFuture<Long> found = one.executions()
                .findLater("first")
                .thenApply(run -> run.orElseThrow().snapshot().seq())
                .toCompletableFuture();
        await().until(() -> {
            threads.runAll();
            return found.isDone();
        });
        assertThat(found.join()).isEqualTo(find(two, "first").snapshot().seq());
    }

    @Test
    @DisplayName("when an engine joins, the executions that it gets leave the memory of the others, and go on in it")
    void joined() {
        FlowScript one = engine(store);
        List<String> runs = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            runs.add(one.start("w", Map.of()).id());
        }
        runs.forEach(run -> awaitPaused(one, run, 0));
        FlowScript two = engine(store.join());
        balance();
        await().until(() -> runs.stream().allMatch(run -> one.executions().isLoaded(run) == ((Engine) one).owns(run)));
        assertThat(runs).anyMatch(run -> ((Engine) two).owns(run)).anyMatch(run -> ((Engine) one).owns(run));
        for (String run : runs) {
            assertThat(answer(one, run, 1)).isInstanceOf(Receipt.Accepted.class);
            awaitPaused(one, run, 1);
            assertThat(two.executions().isLoaded(run)).isEqualTo(((Engine) two).owns(run));
        }
    }

    @Test
    @DisplayName("an engine that is closed gives its shards to the others at once")
    void closedCleanly() {
        FlowScript one = engine(store);
        FlowScript two = engine(store.join());
        balance();
        String id = one.start("w", Map.of()).id();
        awaitPaused(one, id, 0);
        one.close();
        await().until(() -> shards(two) == SharedStore.SHARDS);
        assertThat(answer(two, id, 1)).isInstanceOf(Receipt.Accepted.class);
    }

    @Test
    @DisplayName(
            "an execution that is to go on here, and is lost before a thread comes to it, goes on in the other engine, and nothing fails")
    void lostBeforeItGoesOn() {
        String id = id(false);
        gates.put(id + "#1", new CountDownLatch(1));
        Execution unused = engine(store).start("w", Map.of(), id);
        SharedMemoryStore second = store.join();
        SharedMemoryStore third = store.join();
        store.crash();
        clock.advance(LEASE.plusSeconds(1));

        NewestFirst threads = new NewestFirst();
        FlowScript two = engine(
                second,
                builder ->
                        builder.workflow(workflow("gate", "ask", "gate", "ask")).engineExecutor(threads));
        assertThat(two.executions().isLoaded(id)).isTrue();
        losesHalf(third, threads);
        assertThat(shards(two)).isEqualTo(SharedStore.SHARDS / 2);
        assertThat(two.executions().isLoaded(id)).isFalse();
        assertThat(two.stats().broken()).isZero();

        FlowScript three = engine(third);
        awaitPaused(three, id, 0);
        assertThat(find(two, id).status()).isEqualTo(ExecutionStatus.PAUSED);
    }

    @Test
    @DisplayName("when one of the executions in which something is due is lost while it is read, the others come back")
    void lostWhileItIsBroughtBack() {
        Node expiring = context -> Question.open().within(Duration.ofHours(1)).ask("?");
        Consumer<FlowScriptBuilder> asks =
                builder -> builder.node("expiring", expiring).workflow(workflow("expiring"));
        FlowScript one = engine(store, asks);
        String lost = id(false);
        String kept = id(true);
        for (String id : List.of(lost, kept)) {
            awaitPaused(one, one.start("w", Map.of(), id).id(), 0);
            clock.advance(Duration.ofSeconds(1)); // so the one that is lost is due first
        }
        SharedMemoryStore second = store.join();
        SharedMemoryStore third = store.join();
        store.crash();
        clock.advance(LEASE.plusSeconds(1));

        NewestFirst threads = new NewestFirst();
        AtomicBoolean loses = new AtomicBoolean();
        SharedStore reading = beforeFinding(lost, second, () -> {
            if (loses.getAndSet(false)) {
                threads.runAll(); // it renews what it has before the other one joins
                losesHalf(third, threads);
            }
        });
        FlowScript two = engine(reading, asks.andThen(builder -> builder.engineExecutor(threads)));
        threads.runAll();
        loses.set(true);
        clock.advance(Duration.ofHours(1).minusMinutes(1));
        threads.runAll();
        assertThat(loses).as("lost while it was read").isFalse();
        assertThat(two.executions().isLoaded(lost)).isFalse();
        assertThat(two.executions().isLoaded(kept)).isTrue();
    }

    /** {@return a member that does something before it reads an execution} */
    private static SharedStore beforeFinding(String id, SharedStore member, Runnable before) {
        return hooked(member, (method, args) -> {
            if (method.equals("find") && args[0].equals(id)) {
                before.run();
            }
        });
    }

    /** {@return a member that does something before each call, given the name of the method and its arguments} */
    private static SharedStore hooked(SharedStore member, BiConsumer<String, Object[]> before) {
        return (SharedStore) Proxy.newProxyInstance(
                ClusterTest.class.getClassLoader(), new Class<?>[] {SharedStore.class}, (proxy, method, args) -> {
                    before.accept(method.getName(), args);
                    return method.invoke(member, args);
                });
    }

    private static Map<String, List<Long>> listen(FlowScript engine) {
        Map<String, List<Long>> heard = new ConcurrentHashMap<>();
        engine.executions()
                .listen(event -> heard.computeIfAbsent(event.executionId(), id -> new CopyOnWriteArrayList<>())
                        .add(event.seq()));
        return heard;
    }

    /** Waits until an engine has nothing of an execution in memory any more. */
    private static void awaitCollected(FlowScript engine, String id) {
        WeakReference<Execution> object = new WeakReference<>(find(engine, id));
        await().until(() -> {
            System.gc();
            return object.refersTo(null);
        });
    }

    @Test
    @DisplayName(
            "a listener hears of a change elsewhere also when an execution leaves memory while the changed one is read")
    void departsWhileItIsRead() {
        String id = id(false);
        AtomicInteger departures = new AtomicInteger(3);
        AtomicReference<FlowScript> reading = new AtomicReference<>();
        FlowScript one = engine(beforeFinding(id, store, () -> {
            if (departures.getAndDecrement() > 0) {
                // As when one with the same counter leaves.
                ((ExecutionRegistry) reading.get().executions()).removed(id);
            }
        }));
        reading.set(one);
        FlowScript two = engine(store.join());
        balance();
        Map<String, List<Long>> heard = listen(one);
        awaitPaused(two, two.start("w", Map.of(), id).id(), 0);
        await().untilAsserted(() -> assertThat(heard.get(id)).isEqualTo(numbers(find(two, id))));
        assertThat(departures).hasNegativeValue();
    }

    @Test
    @DisplayName("a listener hears of a change elsewhere also when the store could not be read at first")
    void toldWhenTheStoreIsBack() {
        String id = id(false);
        AtomicInteger failures = new AtomicInteger(3);
        FlowScript one = engine(beforeFinding(id, store, () -> {
            if (failures.getAndDecrement() > 0) {
                throw new FlowScriptException("store_failed", "The store is away");
            }
        }));
        FlowScript two = engine(store.join());
        balance();
        Map<String, List<Long>> heard = listen(one);
        awaitPaused(two, two.start("w", Map.of(), id).id(), 0);
        String other = two.start("w", Map.of(), id(false)).id();
        awaitPaused(two, other, 0);
        await().untilAsserted(() -> assertThat(heard.get(other)).isEqualTo(numbers(find(two, other))));
        await().untilAsserted(() -> {
            clock.advance(LEASE.dividedBy(10));
            assertThat(heard.get(id)).isEqualTo(numbers(find(two, id)));
        });
        assertThat(failures).hasNegativeValue();
        assertThat(answer(two, id, 1)).isInstanceOf(Receipt.Accepted.class);
        await().untilAsserted(() -> assertThat(heard.get(id)).isEqualTo(numbers(find(two, id))));
    }

    @Test
    @DisplayName(
            "what a process reads that was paused meanwhile counts as another one's, and a listener misses nothing of it")
    void pausedWhileItReads() throws Exception {
        String id = id(true);
        AtomicReference<Runnable> pause = new AtomicReference<>();
        CountDownLatch read = new CountDownLatch(1);
        AtomicBoolean holds = new AtomicBoolean();
        SharedStore member = hooked(store, (method, args) -> {
            if (method.equals("find") && args[0].equals(id)) {
                Runnable then = pause.getAndSet(null);
                if (then != null) {
                    then.run();
                }
            } else if (method.equals("exchange") && holds.get()) {
                awaitUninterruptibly(read);
            }
        });
        FlowScript one = engine(
                member,
                builder -> builder.workflow(workflow("gate", "ask", "gate", "ask"))
                        .limits(EngineLimits.defaults().maxWaiting(1)));
        Map<String, List<Long>> heard = listen(one);
        awaitPaused(one, one.start("w", Map.of(), id).id(), 0);
        awaitPaused(one, one.start("w", Map.of(), id(true)).id(), 0); // the first one leaves memory for it
        await().until(() -> !one.executions().isLoaded(id));
        await().untilAsserted(() -> assertThat(heard.get(id)).isEqualTo(numbers(find(one, id))));
        awaitCollected(one, id);

        AtomicReference<FlowScript> two = new AtomicReference<>();
        pause.set(() -> {
            holds.set(true);
            store.expire();
            two.set(engine(store.join()));
            awaitPaused(two.get(), id, 0);
            assertThat(answer(two.get(), id, 1)).isInstanceOf(Receipt.Accepted.class);
            awaitPaused(two.get(), id, 1);
            clock.advance(LEASE.plusSeconds(1));
        });
        assertThat(numbers(find(one, id))).isEqualTo(numbers(find(two.get(), id)));
        read.countDown();
        assertThat(answer(two.get(), id, 2)).isInstanceOf(Receipt.Accepted.class);
        await().untilAsserted(() -> assertThat(heard.get(id)).isEqualTo(numbers(find(two.get(), id))));
    }

    private static void awaitUninterruptibly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    @DisplayName(
            "an execution whose node worked in a process that is gone goes on, also when somebody answers again before it is taken over")
    void answeredAgainBeforeItIsTakenOver() {
        String id = id(true);
        gates.put(id + "#1", new CountDownLatch(1));
        Consumer<FlowScriptBuilder> asks = builder -> builder.workflow(workflow("ask", "gate", "ask"));
        FlowScript one = engine(store, asks);
        AtomicReference<Runnable> before = new AtomicReference<>();
        FlowScript two = engine(
                hooked(store.join(), (method, args) -> {
                    if (method.equals("list") && args[0] instanceof ExecutionQuery.Due) {
                        Runnable now = before.getAndSet(null);
                        if (now != null) {
                            now.run();
                        }
                    }
                }),
                asks);
        balance();
        awaitPaused(one, one.start("w", Map.of(), id).id(), 0);
        Execution run = find(one, id);
        assertThat(((Engine) one).owns(id)).isTrue();
        PauseToken token = run.interactions().get(0).token();
        AnswerOptions options = new AnswerOptions(Identity.of("ann"), "key", null);
        assertThat(one.interactions().answer(token, 1, options)).isInstanceOf(Receipt.Accepted.class);
        await().until(() -> Instant.EPOCH.equals(find(two, id).snapshot().dueAt()));

        AtomicReference<Receipt> again = new AtomicReference<>();
        before.set(() -> again.set(two.interactions().answer(token, 1, options)));
        store.crash();
        await().until(() -> {
            clock.advance(LEASE.dividedBy(3));
            return shards(two) == SharedStore.SHARDS;
        });
        awaitPaused(two, id, 1);
        assertThat(again.get()).isInstanceOf(Receipt.Accepted.class);
    }

    @Test
    @DisplayName(
            "an execution whose node worked in a process that is gone goes on, also while somebody starts another one under its id")
    void startedAgainWhileItIsTakenOver() throws Exception {
        String id = id(true);
        gates.put(id + "#1", new CountDownLatch(1));
        FlowScript one = engine(store);
        SharedMemoryStore second = store.join();
        CountDownLatch starts = new CountDownLatch(1);
        CountDownLatch refused = new CountDownLatch(1);
        AtomicReference<Runnable> before = new AtomicReference<>();
        FlowScript two = engine(hooked(second, (method, args) -> {
            if (method.equals("commit") && ((Commit) args[0]).isFirst()) {
                starts.countDown();
                awaitUninterruptibly(refused);
            } else if (method.equals("list") && args[0] instanceof ExecutionQuery.Due) {
                Runnable now = before.getAndSet(null);
                if (now != null) {
                    now.run();
                }
            }
        }));
        balance();
        Execution unused = one.start("w", Map.of(), id);
        await().until(() -> find(one, id).status() == ExecutionStatus.RUNNING);
        AtomicReference<CompletableFuture<Execution>> again = new AtomicReference<>();
        before.set(() -> {
            again.set(CompletableFuture.supplyAsync(() -> two.start("v", Map.of(), id)));
            awaitUninterruptibly(starts);
        });
        two.register(WorkflowDefinition.of(Map.of("id", "v", "nodes", List.of("gate"))));
        store.crash();
        await().until(() -> {
            clock.advance(LEASE.dividedBy(3));
            return again.get() != null && shards(two) == SharedStore.SHARDS;
        });
        refused.countDown();
        assertThatThrownBy(() -> again.get().get(10, TimeUnit.SECONDS)).hasMessageContaining(id);
        await().until(() -> {
            clock.advance(LEASE.dividedBy(3));
            return find(two, id).status() == ExecutionStatus.PAUSED;
        });
        assertThat(find(two, id).workflowId()).isEqualTo("w");
    }

    /** {@return the member of the store that is told later that the end of an execution is stored, although others can read it at once} */
    private SharedStore toldOfTheEnd(CountDownLatch stored, CompletableFuture<?> told) {
        return (SharedStore) Proxy.newProxyInstance(
                ClusterTest.class.getClassLoader(), new Class<?>[] {SharedStore.class}, (proxy, method, args) -> {
                    Object result = method.invoke(store, args);
                    if (method.getName().equals("commit")
                            && ((Commit) args[0])
                                    .events().stream()
                                            .anyMatch(event -> event.event().isTerminal())) {
                        stored.countDown();
                        return ((CompletionStage<?>) result).thenCombine(told, (written, now) -> written);
                    }
                    return result;
                });
    }

    @Test
    @DisplayName(
            "another engine can read a change before the one that has made it is told that it is stored, and shows it")
    void readBeforeItsEngineIsTold() throws Exception {
        String id = id(true);
        gates.put(id + "#1", new CountDownLatch(1));
        CompletableFuture<Boolean> told = new CompletableFuture<>();
        CountDownLatch stored = new CountDownLatch(1);
        FlowScript one = engine(toldOfTheEnd(stored, told), builder -> builder.workflow(workflow("gate")));
        FlowScript two = engine(store.join(), builder -> builder.workflow(workflow("gate")));
        balance();
        Execution started = one.start("w", Map.of(), id);
        gates.get(id + "#1").countDown();
        stored.await();

        assertThat(find(two, id).status()).isEqualTo(ExecutionStatus.COMPLETED);
        assertThat(find(one, id).status()).isEqualTo(ExecutionStatus.RUNNING);

        told.complete(true);
        assertThat(started.result().get(10, TimeUnit.SECONDS).status()).isEqualTo(ExecutionStatus.COMPLETED);
        assertThat(find(one, id).status()).isEqualTo(ExecutionStatus.COMPLETED);
    }

    @Test
    @DisplayName("what was on its way to the store when an execution was given to another engine is seen here too")
    void storedWhenLost() throws Exception {
        String id = id(false);
        gates.put(id + "#1", new CountDownLatch(1));
        CompletableFuture<Boolean> known = new CompletableFuture<>();
        CountDownLatch ended = new CountDownLatch(1);
        FlowScript one = engine(toldOfTheEnd(ended, known), builder -> builder.workflow(workflow("gate")));
        Map<String, List<Long>> heard = listen(one);
        Execution run = one.start("w", Map.of(), id);
        gates.get(id + "#1").countDown();
        ended.await();
        SharedMemoryStore second = store.join();
        await().until(() -> {
            bothStay(second);
            return shards(one) == SharedStore.SHARDS / 2;
        });
        assertThat(run.status()).isEqualTo(ExecutionStatus.RUNNING);

        known.complete(true);
        await().untilAsserted(() -> {
            clock.advance(LEASE.dividedBy(30));
            SharedStore.Ownership unusedAgain = second.renew();
            assertThat(find(one, id).status()).isEqualTo(ExecutionStatus.COMPLETED);
            assertThat(heard.get(id)).isEqualTo(numbers(find(one, id)));
            assertThat(events(find(one, id)))
                    .last()
                    .matches(event -> event.event().isTerminal());
        });
    }

    @Test
    @DisplayName(
            "an execution that goes on elsewhere before its start is known to be stored is seen here as it is there")
    void goesOnElsewhereBeforeItsStartIsKnown() throws Exception {
        String id = id(true);
        CompletableFuture<Boolean> known = new CompletableFuture<>();
        CountDownLatch committed = new CountDownLatch(1);
        AtomicBoolean isStopped = new AtomicBoolean();
        SharedStore member = (SharedStore) Proxy.newProxyInstance(
                ClusterTest.class.getClassLoader(), new Class<?>[] {SharedStore.class}, (proxy, method, args) -> {
                    if (method.getName().equals("renew")) {
                        synchronized (isStopped) {
                            if (isStopped.get()) {
                                throw new FlowScriptException("store_failed", "The process is stopped");
                            }
                            return method.invoke(store, args);
                        }
                    }
                    Object result = method.invoke(store, args);
                    if (method.getName().equals("commit") && ((Commit) args[0]).isFirst()) {
                        committed.countDown();
                        return ((CompletionStage<?>) result).thenCombine(known, (written, now) -> written);
                    }
                    return result;
                });
        FlowScript one = engine(member);
        Map<String, List<Long>> heard = listen(one);
        CompletableFuture<String> started =
                CompletableFuture.supplyAsync(() -> one.start("w", Map.of(), id).id());
        committed.await();
        synchronized (isStopped) {
            isStopped.set(true);
            store.expire();
        }
        FlowScript two = engine(store.join());
        awaitPaused(two, id, 0);
        assertThat(answer(two, id, 1)).isInstanceOf(Receipt.Accepted.class);
        awaitPaused(two, id, 1);
        isStopped.set(false);
        await().until(() -> {
            clock.advance(LEASE.dividedBy(10));
            return !((Engine) one).owns(id);
        });

        known.complete(true);
        assertThat(started.get(10, TimeUnit.SECONDS)).isEqualTo(id);
        List<Long> all = numbers(find(two, id));
        await().untilAsserted(() -> {
            clock.advance(LEASE.dividedBy(10));
            assertThat(numbers(find(one, id))).isEqualTo(all);
            assertThat(heard.get(id)).isEqualTo(all);
        });
    }

    @Test
    @DisplayName("an execution that is lost just before it becomes active stays passive")
    void lostBeforeItIsActive() {
        FlowScript one = engine(
                store,
                builder -> builder.workflow(workflow("gate", "ask", "gate", "ask"))
                        .limits(EngineLimits.defaults().maxWaiting(1)));
        String id = id(true);
        awaitPaused(one, one.start("w", Map.of(), id).id(), 0);
        awaitPaused(one, one.start("w", Map.of(), id(true)).id(), 0);
        await().until(() -> !one.executions().isLoaded(id));
        WorkflowExecution passive = (WorkflowExecution) find(one, id);
        assertThat(passive.showTold(1)).isTrue();
        passive.detach().run();
        assertThat(passive.activate()).isFalse();
        assertThat(passive.fence()).isEqualTo(OwnShards.FOREIGN);
    }

    @Test
    @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    @DisplayName("an execution that was lost, and has come back, does not leave memory because of the time before")
    void stayedBefore() {
        FlowScript one = engine(
                store,
                builder -> builder.workflow(workflow("gate", "ask", "gate", "ask"))
                        .limits(EngineLimits.defaults().maxWaiting(1)));
        String id = id(false);
        Execution run = one.start("w", Map.of(), id);
        awaitPaused(one, id, 0);
        SharedMemoryStore second = store.join();
        await().until(() -> {
            bothStay(second);
            return !((Engine) one).owns(id);
        });
        second.close();
        await().until(() -> {
            clock.advance(LEASE.dividedBy(3));
            return ((Engine) one).owns(id);
        });
        assertThat(answer(one, id, 1)).isInstanceOf(Receipt.Accepted.class);
        awaitPaused(one, id, 1);
        assertThat(run.status()).isEqualTo(ExecutionStatus.PAUSED);
    }

    @Test
    @DisplayName("an execution that is to go on while it is not brought back yet, and the store is away, is not broken;"
            + " what has failed is not tried again without a pause")
    void goesOnWhenItIsBroughtBack() throws Exception {
        ExecutorService thread = Executors.newSingleThreadExecutor();
        String id = id(false);
        gates.put(id + "#1", new CountDownLatch(1));
        AtomicBoolean away = new AtomicBoolean();
        SharedStore member = beforeFinding(id, store, () -> {
            if (away.get()) {
                throw new FlowScriptException("store_failed", "The store is away");
            }
        });
        FlowScript one = engine(
                member,
                builder ->
                        builder.workflow(workflow("gate", "ask", "gate", "ask")).engineExecutor(thread));
        WorkflowExecution run = (WorkflowExecution) one.start("w", Map.of(), id);
        SharedMemoryStore second = store.join();
        await().until(() -> {
            bothStay(second);
            return run.fence() == OwnShards.FOREIGN;
        });
        away.set(true);
        second.close();
        await().until(() -> {
            clock.advance(LEASE.dividedBy(3));
            return ((Engine) one).owns(id);
        });
        run.resumeIfInterrupted();
        thread.submit(() -> {}).get(10, TimeUnit.SECONDS);
        away.set(false);
        await().until(() -> {
            clock.advance(LEASE.dividedBy(3));
            return find(one, id).status() == ExecutionStatus.PAUSED;
        });
        assertThat(one.stats().broken()).isZero();
        one.close();
        thread.shutdownNow();
    }

    @Test
    @DisplayName("I5: shards are renewed while all that reads the store waits for it")
    void renewedWhileOthersRead() {
        CountDownLatch answers = new CountDownLatch(1);
        AtomicInteger reading = new AtomicInteger();
        AtomicInteger renewals = new AtomicInteger();
        FlowScript one = engine(hooked(store, (method, args) -> {
            if (method.equals("find") && String.valueOf(args[0]).startsWith("unknown")) {
                reading.incrementAndGet();
                awaitUninterruptibly(answers);
            } else if (method.equals("renew")) {
                renewals.incrementAndGet();
            }
        }));
        for (int i = 0; i < 10; i++) {
            var unused = one.executions().findLater("unknown-" + i);
        }
        await().until(() -> reading.get() == 4); // as many as are read at a time
        int before = renewals.get();
        clock.advance(LEASE.dividedBy(3));
        await().until(() -> renewals.get() > before);
        answers.countDown();
    }

    @Test
    @DisplayName("I5: who finds the lease over while the store is away does not wait for more than two renewals")
    void fewLateRenewals() throws Exception {
        AtomicBoolean away = new AtomicBoolean();
        Semaphore answers = new Semaphore(0);
        AtomicInteger renewals = new AtomicInteger();
        FlowScript one = engine(hooked(store, (method, args) -> {
            if (method.equals("renew") && away.get()) {
                renewals.incrementAndGet();
                answers.acquireUninterruptibly();
                throw new FlowScriptException("store_failed", "The store is away");
            }
        }));
        String id = id(true);
        awaitPaused(one, one.start("w", Map.of(), id).id(), 0);
        away.set(true);
        clock.advance(LEASE.multipliedBy(2));
        List<Thread> callers = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            Thread caller = new Thread(() -> one.executions().find(id));
            caller.setDaemon(true);
            caller.start();
            callers.add(caller);
        }
        // One renews and the others wait for it.
        await().until(() -> renewals.get() == 1
                && callers.stream()
                        .map(Thread::getState)
                        .allMatch(state -> state == Thread.State.BLOCKED || state == Thread.State.WAITING));
        answers.release(100);
        for (Thread caller : callers) {
            caller.join(10_000);
            assertThat(caller.isAlive()).isFalse();
        }
        // The first one, one for those who came during it, and what the clock has begun.
        assertThat(renewals.get()).isLessThanOrEqualTo(4);
        away.set(false);
    }

    @Test
    @DisplayName(
            "I5: two processes whose threads for listeners all wait for the other one carry out each other's commands")
    void eachWaitsForTheOther() throws Exception {
        CyclicBarrier both = new CyclicBarrier(2);
        BiConsumer<String, Object[]> meet = (method, args) -> {
            if (method.equals("send")) {
                try {
                    both.await(10, TimeUnit.SECONDS);
                } catch (Exception e) {
                    throw new IllegalStateException(e);
                }
            }
        };
        Consumer<FlowScriptBuilder> oneThread = builder ->
                builder.workflow(workflow("ask")).limits(EngineLimits.defaults().maxNodeThreads(1));
        FlowScript one = engine(hooked(store, meet), oneThread);
        FlowScript two = engine(hooked(store.join(), meet), oneThread);
        balance();
        String ofOne = id(true);
        String ofTwo = id(false);
        awaitPaused(one, one.start("w", Map.of(), ofOne).id(), 0);
        awaitPaused(two, two.start("w", Map.of(), ofTwo).id(), 0);
        CompletableFuture<Receipt> first =
                CompletableFuture.supplyAsync(() -> answer(one, ofTwo, 0), one.listenerExecutor());
        CompletableFuture<Receipt> second =
                CompletableFuture.supplyAsync(() -> answer(two, ofOne, 0), two.listenerExecutor());
        assertThat(first.get(20, TimeUnit.SECONDS)).isInstanceOf(Receipt.Accepted.class);
        assertThat(second.get(20, TimeUnit.SECONDS)).isInstanceOf(Receipt.Accepted.class);
    }

    @Test
    @DisplayName("who waits for the end of an execution elsewhere is told when it was removed before its end was read")
    void removedBeforeItsEndIsRead() {
        String id = id(true);
        AtomicBoolean cut = new AtomicBoolean();
        AtomicInteger failed = new AtomicInteger();
        FlowScript one = engine(store);
        FlowScript two = engine(hooked(store.join(), (method, args) -> {
            if (method.equals("exchange") && cut.get()) {
                failed.incrementAndGet();
                throw new FlowScriptException("store_failed", "The store is away");
            }
        }));
        balance();
        awaitPaused(one, one.start("w", Map.of(), id).id(), 0);
        CompletableFuture<ExecutionResult> end = find(two, id).result();
        cut.set(true);
        await().until(() -> {
            clock.advance(LEASE.dividedBy(10));
            return failed.get() > 0;
        });
        assertThat(find(one, id).cancel(null, null)).isTrue();
        store.remove(id).toCompletableFuture().join();
        cut.set(false);
        await().until(() -> {
            clock.advance(LEASE.dividedBy(3));
            return end.isDone();
        });
        assertThatThrownBy(end::join).hasMessageContaining("was removed from the store");
        assertThat(two.executions().find(id)).isEmpty();
    }

    @Test
    @DisplayName("a shard that could not be given back, and that nobody else wants any more, is taken again")
    void notGivenBack() {
        AtomicBoolean away = new AtomicBoolean(true);
        AtomicInteger renewals = new AtomicInteger();
        SharedStore member = hooked(store, (method, args) -> {
            if (method.equals("release") && away.get()) {
                throw new FlowScriptException("store_failed", "The store is away");
            }
            if (method.equals("renew")) {
                renewals.incrementAndGet();
            }
        });
        FlowScript one = engine(member);
        assertThat(shards(one)).isEqualTo(SharedStore.SHARDS);

        SharedMemoryStore second = store.join();
        await().until(() -> {
            bothStay(second);
            return shards(one) == SharedStore.SHARDS / 2;
        });
        second.crash();
        for (int i = 0; i < 5; i++) { // nobody else wants them any more
            int before = renewals.get();
            await().until(() -> {
                clock.advance(LEASE.dividedBy(30));
                return renewals.get() > before;
            });
        }
        away.set(false);
        await().until(() -> {
            clock.advance(LEASE.dividedBy(3));
            return shards(one) == SharedStore.SHARDS;
        });
    }

    @Test
    @DisplayName("each engine moves its own executions to another version, and says which go on in another one")
    void movedInEach() {
        FlowScript one = engine(store);
        FlowScript two = engine(store.join());
        balance();
        List<String> runs = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            runs.add(engines.get(i % 2).start("w", Map.of()).id());
        }
        runs.forEach(run -> awaitPaused(one, run, 0));
        for (FlowScript engine : engines) {
            engine.register(workflow("gate", "ask", "gate", "ask", "gate"));
        }
        Migration migration = Migration.create().step("/nodes/0", "/nodes/0").step("/nodes/1", "/nodes/1");
        MigrationReport first = one.migrate("w", migration);
        assertThat(first.moved()).isEqualTo(5);
        assertThat(first.reasons()).hasSize(5).allSatisfy(left -> {
            assertThat(((Engine) two).owns(left.executionId())).isTrue();
            assertThat(left.reason()).contains("another process");
        });
        MigrationReport second = two.migrate("w", migration);
        assertThat(second.moved()).isEqualTo(5);
        assertThat(second.left()).isZero();
    }

    @Test
    @DisplayName(
            "an execution that was lost, which the engine does not know yet, does not count as moved to another version")
    void notMovedWhenLost() {
        FlowScript one = engine(store);
        Execution run = one.start("w", Map.of());
        awaitPaused(one, run.id(), 0);
        store.expire();
        FlowScript two = engine(store.join());
        assertThat(shards(two)).isEqualTo(SharedStore.SHARDS);
        one.register(workflow("gate", "ask", "gate"));
        MigrationReport report =
                one.migrate("w", Migration.create().step("/nodes/0", "/nodes/0").step("/nodes/1", "/nodes/1"));
        assertThat(report.moved()).isZero();
        assertThat(report.reasons())
                .extracting(MigrationReport.Refusal::executionId)
                .containsExactly(run.id());
    }
}
