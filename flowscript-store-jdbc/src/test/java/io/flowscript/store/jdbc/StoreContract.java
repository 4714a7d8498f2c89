package io.flowscript.store.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flowscript.core.FlowScriptException;
import io.flowscript.core.event.RecordedEvent;
import io.flowscript.core.store.Commit;
import io.flowscript.core.store.ExecutionStore;
import io.flowscript.core.store.StoredExecution;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The contract of a store, as numbered rules. Extend it, and say how a store is opened. */
abstract class StoreContract {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    ExecutionStore store;

    /** Opens a store: an empty one at the first call in a test, and then on what the test has stored. */
    abstract ExecutionStore open() throws Exception;

    @BeforeEach
    void openFirst() throws Exception {
        store = open();
    }

    @AfterEach
    void close() {
        store.close();
    }

    final void reopen() throws Exception {
        store.close();
        store = open();
    }

    static void await(CompletionStage<?> stage) throws ExecutionException, InterruptedException, TimeoutException {
        stage.toCompletableFuture().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }

    /** The code with which a stage fails. */
    static String failure(CompletionStage<?> stage) {
        FlowScriptException[] failure = new FlowScriptException[1];
        assertThatThrownBy(() -> await(stage)).satisfies(thrown -> {
            assertThat(thrown).isInstanceOf(ExecutionException.class);
            assertThat(thrown.getCause()).isInstanceOf(FlowScriptException.class);
            failure[0] = (FlowScriptException) thrown.getCause();
        });
        return failure[0].code();
    }

    final List<StoredExecution> loadAll(int maxEvents) {
        List<StoredExecution> all = new ArrayList<>();
        store.loadAll(maxEvents, all::add);
        return all;
    }

    final void assertStored(StoredRun run) {
        StoredExecution found = store.find(run.id, Integer.MAX_VALUE).orElseThrow();
        assertThat(found.snapshot()).isEqualTo(run.snapshot);
        assertThat(found.definition()).isEqualTo(run.definition);
        assertThat(found.events()).isEqualTo(run.events);
    }

    final void commit(StoredRun run, int steps) throws Exception {
        for (int i = 0; i < steps; i++) {
            await(store.commit(run.step()));
        }
    }

    @Test
    @DisplayName("S1 What was committed is found, in the same store and in one that is opened later")
    void whatWasCommittedIsFound() throws Exception {
        StoredRun run = new StoredRun("one");
        commit(run, 3);
        await(store.commit(run.emit(5)));
        await(store.commit(run.quietStep()));

        assertStored(run);
        reopen();
        assertStored(run);
    }

    @Test
    @DisplayName("S2 Events without a snapshot are found, and the snapshot is that of the last commit that had one")
    void eventsWithoutASnapshot() throws Exception {
        StoredRun run = new StoredRun("one");
        commit(run, 1);
        await(store.commit(run.emit(2)));
        await(store.commit(run.emit(3)));
        reopen();

        assertStored(run);
        assertThat(run.events.size()).isGreaterThan((int) run.snapshot.seq());
    }

    @Test
    @DisplayName("S3 All executions are read in the order in which they were started, however many there are")
    void allInTheirOrder() throws Exception {
        List<String> ids =
                IntStream.range(0, 500).mapToObj(i -> "run-" + (i * 7919) % 500).toList();
        List<CompletionStage<?>> stages = new ArrayList<>();
        for (String id : ids) {
            stages.add(store.commit(new StoredRun(id).step()));
        }
        for (CompletionStage<?> stage : stages) {
            await(stage);
        }

        assertThat(loadAll(0)).extracting(each -> each.snapshot().executionId()).isEqualTo(ids);
        reopen();
        assertThat(loadAll(0)).extracting(each -> each.snapshot().executionId()).isEqualTo(ids);
    }

    @Test
    @DisplayName("S4 No more than the newest events are read, without a gap and up to the last")
    void theNewestEvents() throws Exception {
        StoredRun run = new StoredRun("one");
        commit(run, 5);
        await(store.commit(run.emit(10)));
        int count = run.events.size();

        for (int max : new int[] {0, 1, 3, 10, 11, count, count + 1}) {
            List<RecordedEvent> newest = run.events.subList(Math.max(0, count - max), count);
            assertThat(store.find("one", max).orElseThrow().events()).isEqualTo(newest);
            assertThat(loadAll(max))
                    .singleElement()
                    .satisfies(each -> assertThat(each.events()).isEqualTo(newest));
        }
    }

    @Test
    @DisplayName("S5 An execution that does not exist is not found")
    void notFound() throws Exception {
        assertThat(store.find("one", 10)).isEmpty();
        assertThat(loadAll(10)).isEmpty();
        await(store.remove("one"));
    }

    @Test
    @DisplayName("S6 A first commit with an id that exists is refused with execution_exists and changes nothing")
    void idExists() throws Exception {
        StoredRun run = new StoredRun("one");
        commit(run, 2);

        assertThat(failure(store.commit(new StoredRun("one", StoredRun.definition("other")).step())))
                .isEqualTo("execution_exists");
        assertStored(run);
        reopen();
        assertStored(run);
    }

    @Test
    @DisplayName("S7 A commit that fails does not fail those that are handed in with it")
    void neighboursOfAFailure() throws Exception {
        commit(new StoredRun("one"), 1);
        List<StoredRun> runs = new ArrayList<>();
        List<CompletionStage<?>> good = new ArrayList<>();
        List<CompletionStage<?>> bad = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            runs.add(new StoredRun("run-" + i));
            good.add(store.commit(runs.get(i).step()));
            bad.add(store.commit(new StoredRun("one").step()));
        }

        for (CompletionStage<?> stage : good) {
            await(stage);
        }
        assertThat(bad).allSatisfy(stage -> assertThat(failure(stage)).isEqualTo("execution_exists"));
        runs.forEach(this::assertStored);
    }

    @Test
    @DisplayName("S8 A commit that does not follow the last one is refused with store_failed and changes nothing")
    void doesNotFollow() throws Exception {
        StoredRun run = new StoredRun("one");
        commit(run, 2);
        Commit lost = run.emit(1);
        Commit later = run.step();

        assertThat(failure(store.commit(later))).isEqualTo("store_failed");
        StoredRun unknown = new StoredRun("unknown");
        unknown.step();
        assertThat(failure(store.commit(unknown.step()))).isEqualTo("store_failed");
        assertThat(failure(store.commit(unknown.quietStep()))).isEqualTo("store_failed");
        assertThat(store.find("unknown", 1)).isEmpty();

        await(store.commit(lost));
        await(store.commit(later));
        assertStored(run);
    }

    @Test
    @DisplayName("S9 An execution that is removed is gone with its events, and its id can be used again")
    void removed() throws Exception {
        StoredRun kept = new StoredRun("kept");
        commit(kept, 2);
        commit(new StoredRun("one"), 3);

        await(store.remove("one"));
        assertThat(store.find("one", 10)).isEmpty();
        assertThat(loadAll(0)).hasSize(1);

        StoredRun again = new StoredRun("one");
        CompletionStage<?> first = store.commit(again.step());
        CompletionStage<?> removal = store.remove("one");
        StoredRun third = new StoredRun("one", StoredRun.definition("third"));
        CompletionStage<?> second = store.commit(third.step());
        await(first);
        await(removal);
        await(second);
        reopen();
        assertStored(third);
        assertStored(kept);
    }

    @Test
    @DisplayName("S10 Commits of many executions at the same time are all stored, each execution's in their order")
    void manyAtTheSameTime() throws Exception {
        int runs = 200;
        int steps = 20;
        List<StoredRun> all = IntStream.range(0, runs)
                .mapToObj(i -> new StoredRun("run-" + i))
                .toList();
        CountDownLatch done = new CountDownLatch(runs);
        Set<Throwable> failures = ConcurrentHashMap.newKeySet();
        all.forEach(run -> next(run, steps, done, failures));

        assertThat(done.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        assertThat(failures).isEmpty();
        reopen();
        all.forEach(this::assertStored);
    }

    /** Commits the next step when the last one is stored, as the engine does. */
    private void next(StoredRun run, int left, CountDownLatch done, Set<Throwable> failures) {
        if (left == 0) {
            done.countDown();
            return;
        }
        var unused = store.commit(run.step()).whenComplete((nothing, failure) -> {
            if (failure == null) {
                next(run, left - 1, done, failures);
            } else {
                failures.add(failure);
                done.countDown();
            }
        });
    }

    @Test
    @DisplayName("S11 Closing writes what was handed in before")
    void closingWrites() throws Exception {
        List<StoredRun> runs = IntStream.range(0, 1_000)
                .mapToObj(i -> new StoredRun("run-" + i))
                .toList();
        List<CompletionStage<?>> stages = new ArrayList<>();
        runs.forEach(run -> stages.add(store.commit(run.step())));
        reopen();

        assertThat(stages)
                .allSatisfy(stage -> assertThat(stage.toCompletableFuture()).isCompleted());
        runs.forEach(this::assertStored);
    }

    @Test
    @DisplayName("S12 After closing, commits fail with store_closed, and closing again has no effect")
    void closed() throws Exception {
        store.close();
        store.close();

        assertThat(failure(store.commit(new StoredRun("one").step()))).isEqualTo("store_closed");
        assertThat(failure(store.remove("one"))).isEqualTo("store_closed");
        reopen();
        assertThat(store.find("one", 0)).isEmpty();
    }

    @Test
    @DisplayName("S13 Closing ends all threads of the store")
    void threadsEnd() throws Exception {
        commit(new StoredRun("one"), 1);
        store.close();

        assertThat(Thread.getAllStackTraces().keySet())
                .filteredOn(Thread::isAlive)
                .extracting(Thread::getName)
                .noneMatch(name -> name.startsWith("flowscript-store-"));
    }

    @Test
    @DisplayName("S14 What completes a stage may take long and may throw, and others are stored meanwhile")
    void slowCompletions() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        StoredRun slow = new StoredRun("slow");
        CompletionStage<?> held = store.commit(slow.step()).thenRun(() -> {
            awaitQuietly(release);
            throw new IllegalStateException("thrown by the test");
        });
        StoredRun other = new StoredRun("other");
        CompletionStage<?> stage = store.commit(other.step());

        org.awaitility.Awaitility.await()
                .atMost(PATIENCE)
                .until(() -> store.find("other", 0).isPresent());
        release.countDown();
        await(stage);
        assertThatThrownBy(() -> held.toCompletableFuture().join())
                .isInstanceOf(CompletionException.class)
                .hasMessageContaining("thrown by the test");
        assertStored(slow);
        assertStored(other);
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            assertThat(latch.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    @DisplayName("S15 What the receiver throws ends the reading and reaches the caller")
    void receiverThrows() throws Exception {
        commit(new StoredRun("one"), 1);
        commit(new StoredRun("two"), 1);
        List<String> read = new ArrayList<>();

        assertThatThrownBy(() -> store.loadAll(1, each -> {
                    read.add(each.snapshot().executionId());
                    throw new IllegalStateException("thrown by the test");
                }))
                .isExactlyInstanceOf(IllegalStateException.class)
                .hasMessage("thrown by the test");
        assertThat(read).containsExactly("one");
        commit(new StoredRun("three"), 1);
    }

    @Test
    @DisplayName("S16 Reading sees each execution as one commit has left it, while others are written")
    void readingWhileWriting() throws Exception {
        StoredRun run = new StoredRun("one");
        commit(run, 1);
        CountDownLatch done = new CountDownLatch(1);
        Set<Throwable> failures = ConcurrentHashMap.newKeySet();
        next(run, 300, done, failures);
        while (done.getCount() > 0) {
            StoredExecution found = store.find("one", Integer.MAX_VALUE).orElseThrow();
            assertThat(found.events().stream().map(RecordedEvent::seq).toList())
                    .isEqualTo(LongStream.rangeClosed(1, found.snapshot().seq())
                            .boxed()
                            .toList());
        }
        assertThat(failures).isEmpty();
        assertStored(run);
    }

    @Test
    @DisplayName("S17 A state of several megabytes and an event of one megabyte are stored")
    void large() throws Exception {
        StoredRun run = new StoredRun("one");
        commit(run, 1);
        run.snapshot = run.snapshot.toBuilder()
                .state(Map.of("large", "y".repeat(6_000_000)))
                .build();
        commit(run, 2);
        StoredRun second = new StoredRun("two");
        second.snapshot =
                run.snapshot.toBuilder().executionId("two").seq(0).steps(0).build();
        commit(second, 1);
        reopen();

        assertStored(run);
        assertThat(loadAll(1)).hasSize(2);
    }

    @Test
    @DisplayName("S18 Executions of one workflow share its definition when they are read together")
    void definitionsAreShared() throws Exception {
        commit(new StoredRun("one"), 1);
        commit(new StoredRun("two"), 1);
        commit(new StoredRun("three", StoredRun.definition("other")), 1);

        List<StoredExecution> all = loadAll(0);
        assertThat(all.get(0).definition()).isSameAs(all.get(1).definition());
        assertThat(all.get(2).definition()).isEqualTo(StoredRun.definition("other"));
    }
}
