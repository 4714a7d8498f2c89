package io.flowscript.testkit.store;

import static org.junit.jupiter.api.Assumptions.assumeFalse;

import io.flowscript.core.FlowScriptException;
import io.flowscript.core.event.RecordedEvent;
import io.flowscript.core.event.StateUpdated;
import io.flowscript.core.store.Commit;
import io.flowscript.core.store.ExecutionStore;
import io.flowscript.core.store.StoredExecution;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;

/**
 * The contract of a store, as numbered rules. The author of a store extends this class, says how a store is opened, and
 * runs it as a test.
 *
 * <pre>{@code
 * class FileStoreTest extends StoreContract {
 *     @TempDir
 *     Path directory;
 *
 *     protected ExecutionStore open() {
 *         return new FileStore(directory);
 *     }
 * }
 * }</pre>
 *
 * <p>The contract plays the engine: it hands in commits that look like real ones and reads back what they leave. Each rule
 * begins with an empty store, and most of them close it and open it again. What must happen is waited for, up to {@link
 * #patience}. A rule that does not hold says what would be right, and what was seen.
 *
 * <p>The methods that the rules use are also for the author's own tests in the same class, such as those of a disk that is
 * full. For use by one thread, the one that runs the test.
 *
 * @since 0.1.0
 */
public abstract class StoreContract {

    private static final int ALL = Integer.MAX_VALUE;
    private static final int MEBIBYTE = 1 << 20;
    private static final int POLL_MILLIS = 5;
    private static final int TRIES = 1_000;

    private String rule = "";
    private Set<Thread> before = Set.of();
    private @Nullable ExecutionStore opened;

    /** Called by the test framework. */
    protected StoreContract() {}

    // Implemented by the author of a store.

    /**
     * Opens a store: an empty one at the first call in a test, and then on what the test has stored. The store that was
     * opened before is closed by then.
     *
     * @return an open store, which the contract closes
     * @throws Exception if that fails
     */
    protected abstract ExecutionStore open() throws Exception;

    /**
     * Says that the store completes a stage before {@link ExecutionStore#commit} returns. Rule S14, which has what
     * completes a stage take long, is skipped then.
     *
     * @return whether stages are complete when they are returned; default: false
     */
    protected boolean completesOnTheCallingThread() {
        return false;
    }

    /** {@return how long to wait for what must happen; default: 60 seconds} */
    protected Duration patience() {
        return Duration.ofSeconds(60);
    }

    /**
     * Excludes threads that live longer than the store, such as those of a driver, from rule S13.
     *
     * @param thread a thread started since the rule began
     * @return whether the thread does not belong to the store; threads of the JDK's own pools do not
     */
    protected boolean isForeign(Thread thread) {
        return Stream.of(
                        "ForkJoinPool",
                        "CompletableFuture",
                        "Common-Cleaner",
                        "VirtualThread",
                        "process reaper",
                        "contract-",
                        "junit-")
                .anyMatch(prefix -> thread.getName().startsWith(prefix));
    }

    // Used by the rules and by the author's own tests.

    /** {@return the store of this test} */
    protected final ExecutionStore store() {
        ExecutionStore store = opened;
        if (store == null) {
            throw new IllegalStateException("The rule has not begun");
        }
        return store;
    }

    /**
     * Closes the store of this test and puts another one in its place.
     *
     * @param store an open store, which the contract closes
     */
    protected final void use(ExecutionStore store) {
        store().close();
        opened = store;
    }

    /**
     * Closes the store of this test and opens it again.
     *
     * @throws Exception if that fails
     */
    protected final void reopen() throws Exception {
        store().close();
        opened = open();
    }

    /**
     * Waits for a stage, which must complete.
     *
     * @param stage what the store has returned
     * @throws AssertionError when it fails, or takes longer than {@link #patience}
     */
    protected final void await(CompletionStage<?> stage) {
        Throwable failure = outcome(stage);
        if (failure != null) {
            throw failed("the stage completes", "it failed with " + failure, failure);
        }
    }

    /**
     * Waits for a stage, which must fail with a {@link FlowScriptException}.
     *
     * @param stage what the store has returned
     * @return the code with which it fails
     * @throws AssertionError when it completes, fails with something else, or takes longer than {@link #patience}
     */
    protected final String failure(CompletionStage<?> stage) {
        Throwable failure = outcome(stage);
        if (failure instanceof FlowScriptException known) {
            return known.code();
        }
        throw failed(
                "the stage fails with a FlowScriptException",
                failure == null ? "it completed as if all was well" : "it failed with " + failure,
                failure);
    }

    /** {@return why a stage failed; null when it completed} */
    private @Nullable Throwable outcome(CompletionStage<?> stage) {
        try {
            stage.toCompletableFuture().get(patience().toMillis(), TimeUnit.MILLISECONDS);
            return null;
        } catch (ExecutionException e) {
            return e.getCause() == null ? e : e.getCause();
        } catch (TimeoutException e) {
            throw failed("the stage ends", "nothing within " + patience(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw failed("the stage ends", "the test was interrupted", e);
        }
    }

    /**
     * Commits steps of an execution, one after the other.
     *
     * @param run the execution
     * @param steps how many steps, from 0
     */
    protected final void commit(StoredRun run, int steps) {
        for (int i = 0; i < steps; i++) {
            await(store().commit(run.step()));
        }
    }

    /**
     * Reads all executions.
     *
     * @param maxEvents how many of the newest events of each are read, from 0
     * @return the executions in the order of the store
     */
    protected final List<StoredExecution> loadAll(int maxEvents) {
        List<StoredExecution> all = new ArrayList<>();
        store().loadAll(maxEvents, all::add);
        return all;
    }

    /**
     * Checks that the store returns an execution as its commits have left it: its workflow, its snapshot and all its
     * events.
     *
     * @param run the execution
     * @throws AssertionError when it is not found or differs
     */
    protected final void assertStored(StoredRun run) {
        isAsCommitted(run, store().find(run.id(), ALL));
    }

    // Before and after each rule.

    @BeforeEach
    final void begin(TestInfo test) throws Exception {
        rule = test.getDisplayName();
        before = Thread.getAllStackTraces().keySet();
        opened = open();
    }

    @AfterEach
    final void end() {
        ExecutionStore store = opened;
        if (store != null) {
            store.close();
        }
    }

    // What is stored.

    @Test
    @DisplayName("S1 What was committed is found, in the same store and in one that is opened later")
    final void whatWasCommittedIsFound() throws Exception {
        StoredRun run = new StoredRun("one");
        commit(run, 3);
        await(store().commit(run.emit(5)));
        await(store().commit(run.quietStep()));

        assertStored(run);
        reopen();
        assertStored(run);
    }

    @Test
    @DisplayName("S2 Events without a snapshot are found, and the snapshot is that of the last commit that had one")
    final void eventsWithoutASnapshot() throws Exception {
        StoredRun run = new StoredRun("one");
        commit(run, 1);
        await(store().commit(run.emit(2)));
        await(store().commit(run.emit(3)));
        reopen();

        assertStored(run);
        StoredExecution found = store().find("one", ALL).orElseThrow();
        check(
                found.events().size() > found.snapshot().seq(),
                "there are events later than the snapshot",
                () -> found.events().size() + " events and a snapshot at "
                        + found.snapshot().seq());
        check(
                found.lastSeq() == run.events().size(),
                "lastSeq is the number of the last event, " + run.events().size(),
                () -> String.valueOf(found.lastSeq()));
    }

    @Test
    @DisplayName("S3 All executions are read in the order in which they were started, however many there are")
    final void allInTheirOrder() throws Exception {
        List<StoredRun> runs = IntStream.range(0, 500)
                .mapToObj(i -> new StoredRun("run-" + (i * 7919) % 500))
                .toList();
        List<String> ids = runs.stream().map(StoredRun::id).toList();
        commitAll(runs);

        areRead(ids);
        reopen();
        areRead(ids);
        for (int i = 10; i > 0; i--) {
            commit(runs.get(i), 1);
        }
        areRead(ids);
        reopen();
        areRead(ids);
    }

    @Test
    @DisplayName("S4 No more than the newest events are read, without a gap and up to the last")
    final void theNewestEvents() {
        StoredRun run = new StoredRun("one");
        commit(run, 5);
        await(store().commit(run.emit(10)));
        int count = run.events().size();

        for (int max : new int[] {0, 1, 3, 10, 11, count, count + 1}) {
            List<RecordedEvent> newest = run.events().subList(Math.max(0, count - max), count);
            hasEvents(newest, "find with maxEvents " + max, store().find("one", max));
            hasEvents(
                    newest,
                    "loadAll with maxEvents " + max,
                    loadAll(max).stream().findFirst());
        }
    }

    @Test
    @DisplayName("S5 An execution that does not exist is not found")
    final void notFound() {
        isGone("one");
        areRead(List.of());
        await(store().remove("one"));
    }

    @Test
    @DisplayName("S6 A first commit with an id that exists is refused with execution_exists and changes nothing")
    final void idExists() throws Exception {
        StoredRun run = new StoredRun("one");
        commit(run, 2);

        isRefused("execution_exists", new StoredRun("one", StoredRun.workflow("other")).step());
        assertStored(run);
        reopen();
        assertStored(run);
    }

    @Test
    @DisplayName("S7 A commit that fails does not fail those that are handed in with it")
    final void neighboursOfAFailure() {
        commit(new StoredRun("one"), 1);
        List<StoredRun> runs = new ArrayList<>();
        List<CompletionStage<?>> good = new ArrayList<>();
        List<CompletionStage<?>> bad = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            runs.add(new StoredRun("run-" + i));
            good.add(store().commit(runs.get(i).step()));
            bad.add(store().commit(new StoredRun("one").step()));
        }

        good.forEach(this::await);
        bad.forEach(stage -> hasCode("execution_exists", stage));
        runs.forEach(this::assertStored);
    }

    @Test
    @DisplayName("S8 A commit that does not follow the last one is refused with store_failed and changes nothing")
    final void doesNotFollow() {
        StoredRun run = new StoredRun("one");
        commit(run, 2);
        Commit lost = run.emit(1);
        Commit later = run.step();

        isRefused("store_failed", later);
        StoredRun unknown = new StoredRun("unknown");
        unknown.step();
        isRefused("store_failed", unknown.step());
        isRefused("store_failed", unknown.quietStep());
        isGone("unknown");

        await(store().commit(lost));
        await(store().commit(later));
        assertStored(run);
    }

    @Test
    @DisplayName("S9 An execution that is removed is gone with its events, and its id can be used again")
    final void removed() throws Exception {
        StoredRun kept = new StoredRun("kept");
        commit(kept, 2);
        commit(new StoredRun("one"), 3);

        await(store().remove("one"));
        isGone("one");
        areRead(List.of("kept"));

        StoredRun again = new StoredRun("one");
        CompletionStage<?> first = store().commit(again.step());
        CompletionStage<?> removal = store().remove("one");
        StoredRun third = new StoredRun("one", StoredRun.workflow("third"));
        CompletionStage<?> second = store().commit(third.step());
        await(first);
        await(removal);
        await(second);
        reopen();
        assertStored(third);
        assertStored(kept);
        areRead(List.of("kept", "one"));
    }

    // Many, and threads.

    @Test
    @DisplayName("S10 Commits of many executions at the same time are all stored, each execution's in their order")
    final void manyAtTheSameTime() throws Exception {
        int runs = 200;
        int steps = 20;
        List<StoredRun> all = IntStream.range(0, runs)
                .mapToObj(i -> new StoredRun("run-" + i))
                .toList();
        CountDownLatch done = new CountDownLatch(runs);
        Set<Throwable> failures = ConcurrentHashMap.newKeySet();
        all.forEach(run -> next(run, steps, done, failures));

        check(
                done.await(patience().toMillis(), TimeUnit.MILLISECONDS),
                "all commits complete",
                () -> done.getCount() + " executions have not ended within " + patience());
        haveNotFailed(failures);
        reopen();
        all.forEach(this::assertStored);
    }

    /** Commits the next step when the last one is stored, as the engine does. */
    private void next(StoredRun run, int left, CountDownLatch done, Set<Throwable> failures) {
        if (left == 0) {
            done.countDown();
            return;
        }
        var unused = store().commit(run.step()).whenComplete((nothing, failure) -> {
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
    final void closingWrites() throws Exception {
        List<StoredRun> runs = IntStream.range(0, 1_000)
                .mapToObj(i -> new StoredRun("run-" + i))
                .toList();
        List<CompletableFuture<?>> stages = new ArrayList<>();
        runs.forEach(run -> stages.add(store().commit(run.step()).toCompletableFuture()));
        reopen();

        check(
                stages.stream().allMatch(stage -> stage.isDone() && !stage.isCompletedExceptionally()),
                "all stages complete before close returns",
                () -> stages.stream().filter(stage -> !stage.isDone()).count() + " of " + stages.size()
                        + " have not, and "
                        + stages.stream()
                                .filter(CompletableFuture::isCompletedExceptionally)
                                .count() + " have failed");
        runs.forEach(this::assertStored);
    }

    @Test
    @DisplayName("S12 After closing, commits fail with store_closed, and closing again has no effect")
    final void closed() throws Exception {
        store().close();
        store().close();

        isRefused("store_closed", new StoredRun("one").step());
        hasCode("store_closed", store().remove("one"));
        reopen();
        isGone("one");
    }

    @Test
    @DisplayName("S13 Closing ends all threads of the store")
    final void threadsEnd() throws Exception {
        commit(new StoredRun("one"), 1);
        store().close();

        long end = System.nanoTime() + patience().toNanos();
        for (Thread thread : newThreads()) {
            TimeUnit.NANOSECONDS.timedJoin(thread, end - System.nanoTime());
        }
        List<Thread> left = newThreads();
        check(left.isEmpty(), "no thread is left within " + patience(), left::toString);
    }

    private List<Thread> newThreads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.isAlive() && !before.contains(thread) && !isForeign(thread))
                .toList();
    }

    @Test
    @DisplayName("S14 What completes a stage may take long and may throw, and others are stored meanwhile")
    final void slowCompletions() {
        assumeFalse(completesOnTheCallingThread(), "Not asked of a store that completes stages on the calling thread");
        CountDownLatch release = new CountDownLatch(1);
        Thread caller = Thread.currentThread();
        StoredRun slow;
        CompletionStage<?> held;
        AtomicBoolean late = new AtomicBoolean();
        int tries = 0;
        // A stage that is complete already has this thread run what follows, and that would prove nothing.
        do {
            check(
                    tries < TRIES,
                    "a stage completes later, or completesOnTheCallingThread says that none does",
                    () -> TRIES + " stages were complete when commit returned");
            late.set(false);
            slow = new StoredRun("slow-" + tries++);
            held = store().commit(slow.step()).thenRun(() -> {
                if (Thread.currentThread() == caller) {
                    late.set(true);
                } else {
                    awaitQuietly(release);
                }
                throw new MeantFailure();
            });
        } while (late.get());
        StoredRun other = new StoredRun("other");
        CompletionStage<?> stage;
        try {
            stage = store().commit(other.step());
            eventually(
                    () -> store().find("other", 0).isPresent(),
                    "a commit is written while what completes another stage takes its time");
        } finally {
            release.countDown();
        }
        await(stage);
        Throwable thrown = outcome(held);
        check(
                thrown instanceof MeantFailure,
                "what is thrown fails the stage that follows, and nothing else",
                () -> String.valueOf(thrown));
        assertStored(slow);
        assertStored(other);
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    @DisplayName("S15 What the receiver throws ends the reading and reaches the caller")
    final void receiverThrows() {
        commit(new StoredRun("one"), 1);
        commit(new StoredRun("two"), 1);
        List<String> read = new ArrayList<>();

        Throwable thrown = thrownBy(() -> store().loadAll(1, each -> {
            read.add(each.snapshot().executionId());
            throw new MeantFailure();
        }));
        check(
                thrown instanceof MeantFailure,
                "loadAll throws what the receiver has thrown",
                () -> String.valueOf(thrown));
        check(read.equals(List.of("one")), "nothing is read after that", read::toString);
        commit(new StoredRun("three"), 1);
    }

    @Test
    @DisplayName("S16 Reading sees each execution as one commit has left it, while others are written")
    final void readingWhileWriting() {
        StoredRun run = new StoredRun("one");
        commit(run, 1);
        CountDownLatch done = new CountDownLatch(1);
        Set<Throwable> failures = ConcurrentHashMap.newKeySet();
        next(run, 300, done, failures);
        long end = System.nanoTime() + patience().toNanos();
        while (done.getCount() > 0) {
            check(end > System.nanoTime(), "all commits complete", () -> "they have not within " + patience());
            StoredExecution found = store().find("one", ALL).orElseThrow();
            List<Long> numbers = found.events().stream().map(RecordedEvent::seq).toList();
            long last = found.snapshot().seq();
            check(
                    numbers.equals(LongStream.rangeClosed(1, last).boxed().toList()),
                    "the events end where the snapshot is, at " + last,
                    numbers::toString);
        }
        haveNotFailed(failures);
        assertStored(run);
    }

    @Test
    @DisplayName("S17 A state of several megabytes and an event of one megabyte are stored")
    final void large() throws Exception {
        StoredRun run = new StoredRun("one");
        commit(run, 1);
        run.put("large", "y".repeat(6_000_000));
        commit(run, 2);
        await(store().commit(run.step(List.of(new StateUpdated("large", "z".repeat(MEBIBYTE))), next -> next)));
        StoredRun second = new StoredRun("two").put("large", "y".repeat(6_000_000));
        commit(second, 1);
        reopen();

        assertStored(run);
        assertStored(second);
        areRead(List.of("one", "two"));
    }

    @Test
    @DisplayName("S18 Executions of one workflow share its definition when they are read together")
    @SuppressWarnings("ReferenceEquality") // whether it is the same object is the question
    final void definitionsAreShared() {
        commit(new StoredRun("first"), 1);
        commit(new StoredRun("second"), 1);
        StoredRun third = new StoredRun("third", StoredRun.workflow("other"));
        commit(third, 1);

        List<StoredExecution> all = loadAll(0);
        check(
                all.get(0).definition() == all.get(1).definition(),
                "both executions have the same object for their workflow",
                () -> "two objects");
        check(
                all.get(2).definition().equals(third.definition()),
                "an execution of another workflow has its own",
                () -> all.get(2).definition().toString());
    }

    // Limits and values.

    @Test
    @DisplayName("S19 A negative maxEvents is refused with IllegalArgumentException, and nothing is read")
    final void negativeMaximum() {
        commit(new StoredRun("one"), 1);
        for (int max : new int[] {-1, Integer.MIN_VALUE}) {
            List<StoredExecution> read = new ArrayList<>();
            isIllegal("find with maxEvents " + max, () -> store().find("one", max));
            isIllegal("find of an unknown id with maxEvents " + max, () -> store().find("unknown", max));
            isIllegal("loadAll with maxEvents " + max, () -> store().loadAll(max, read::add));
            check(read.isEmpty(), "nothing is read", () -> read.size() + " executions");
        }
    }

    @Test
    @DisplayName("S20 A snapshot with a value in each field is returned as it was, and so is its workflow")
    final void fullSnapshot() throws Exception {
        StoredRun first = new StoredRun("first", Samples.workflow());
        await(store().commit(first.step(List.of(), next -> Samples.fill(next, "first", "full"))));
        StoredRun later = new StoredRun("later", Samples.workflow());
        commit(later, 1);
        await(store().commit(later.step(
                List.of(new StateUpdated("full", true)), next -> Samples.fill(next, "later", "full"))));

        assertStored(first);
        assertStored(later);
        reopen();
        assertStored(first);
        assertStored(later);
    }

    @Test
    @DisplayName("S21 Events of each type are returned as they were, with and without what may be missing")
    final void eventsOfEachType() throws Exception {
        StoredRun together = new StoredRun("together");
        commit(together, 1);
        await(store().commit(together.step(Samples.events(), next -> next)));
        StoredRun apart = new StoredRun("apart");
        commit(apart, 1);
        Samples.events().forEach(event -> await(store().commit(apart.step(List.of(event), next -> next))));

        assertStored(together);
        assertStored(apart);
        reopen();
        assertStored(together);
        assertStored(apart);
    }

    // Order in time.

    @Test
    @DisplayName("S22 When a stage completes, its change is found already, on the thread that completes it too")
    final void foundWhenComplete() {
        StoredRun run = new StoredRun("one");
        for (int i = 0; i < 50; i++) {
            isAsCommitted(run, seenBy(store().commit(run.step()), "one"));
        }
        Optional<StoredExecution> left = seenBy(store().remove("one"), "one");
        check(left.isEmpty(), "what is removed is not found", () -> "it is found");
    }

    /** {@return what is found by what runs when a stage completes} */
    private Optional<StoredExecution> seenBy(CompletionStage<?> stage, String id) {
        CompletionStage<Optional<StoredExecution>> seen = stage.thenApply(nothing -> store().find(id, ALL));
        await(seen);
        return seen.toCompletableFuture().join();
    }

    @Test
    @DisplayName("S23 Commits are written and executions found while the receiver of loadAll takes its time")
    final void slowReceiver() {
        commit(new StoredRun("one"), 1);
        commit(new StoredRun("two"), 1);
        StoredRun other = new StoredRun("other");
        List<String> read = new ArrayList<>();

        store().loadAll(1, each -> {
            if (read.isEmpty()) {
                CompletableFuture<Optional<StoredExecution>> found = new CompletableFuture<>();
                inBackground(found, () -> {
                    await(store().commit(other.step()));
                    return store().find("other", ALL);
                });
                await(found);
                isAsCommitted(other, found.join());
            }
            read.add(each.snapshot().executionId());
        });
        check(
                read.subList(0, Math.min(2, read.size())).equals(List.of("one", "two")),
                "what was there before is read",
                read::toString);
    }

    private static <T> void inBackground(CompletableFuture<T> result, Supplier<T> work) {
        Thread thread = new Thread(
                () -> {
                    try {
                        result.complete(work.get());
                    } catch (Throwable e) {
                        result.completeExceptionally(e);
                    }
                },
                "contract-background");
        thread.setDaemon(true);
        thread.start();
    }

    @Test
    @DisplayName("S24 After closing, reading fails with store_closed")
    final void readingWhenClosed() throws Exception {
        StoredRun run = new StoredRun("one");
        commit(run, 1);
        store().close();

        isClosed("find", thrownBy(() -> store().find("one", 1)));
        isClosed("loadAll", thrownBy(() -> loadAll(1)));
        isClosed("events", thrownBy(() -> store().events("one", 0, 1)));
        reopen();
        assertStored(run);
    }

    @Test
    @DisplayName(
            "S25 Each id that an execution may have is an id of its own: in any case, with any punctuation, at any length")
    final void idsOfAnyKind() throws Exception {
        List<StoredRun> runs = Stream.of(
                        "a",
                        "A",
                        "aB",
                        "Ab",
                        "a.",
                        ".a",
                        "a_b",
                        "a-b",
                        "a:b",
                        "aXb",
                        "-",
                        "_",
                        "...",
                        "0",
                        "00",
                        "0.0",
                        "1e1",
                        "10",
                        "null",
                        "a".repeat(127),
                        "a".repeat(128),
                        "a".repeat(127) + "b",
                        "A".repeat(128))
                .sorted()
                .map(StoredRun::new)
                .toList();
        commitAll(runs);
        commitAll(runs);

        runs.forEach(this::assertStored);
        reopen();
        runs.forEach(this::assertStored);
        areRead(runs.stream().map(StoredRun::id).toList());
        await(store().remove("A"));
        isGone("A");
        runs.stream().filter(run -> !run.id().equals("A")).forEach(this::assertStored);
    }

    @Test
    @DisplayName("S26 A commit of an execution that was removed is refused with store_failed, and it stays gone")
    final void commitAfterRemoval() throws Exception {
        StoredRun run = new StoredRun("one");
        commit(run, 2);
        await(store().remove("one"));

        isRefused("store_failed", run.step());
        isRefused("store_failed", run.emit(1));
        isRefused("store_failed", run.quietStep());
        isGone("one");
        reopen();
        isGone("one");
        areRead(List.of());
    }

    @Test
    @DisplayName(
            "S27 The events after a number are read in their order and without a gap, from any number and in parts")
    final void eventsAfterANumber() throws Exception {
        StoredRun run = new StoredRun("one");
        StoredRun other = new StoredRun("other");
        commit(run, 1);
        commit(other, 1);
        for (int i = 0; i < 60; i++) {
            await(store().commit(run.emit(1 + i % 40)));
            await(store().commit(i % 3 == 0 ? run.step() : other.emit(2)));
        }
        commit(run, 1);
        for (int round = 0; round < 2; round++) {
            List<RecordedEvent> all = run.events();
            int count = all.size();
            for (int after : new int[] {0, 1, 7, 255, 256, 257, 500, count / 2, count - 2, count - 1}) {
                for (int max : new int[] {1, 2, 100, Integer.MAX_VALUE}) {
                    List<RecordedEvent> read = store().events("one", after, max);
                    check(
                            !read.isEmpty() && read.size() <= max,
                            "events after " + after + " are read, one to " + max,
                            () -> read.size() + " events");
                    check(
                            read.equals(all.subList(after, after + read.size())),
                            "the events that follow " + after + " are read, with max " + max,
                            () -> Difference.between("the events", all.subList(after, after + read.size()), read));
                }
            }
            List<RecordedEvent> inParts = new ArrayList<>();
            List<RecordedEvent> part = store().events("one", 0, 100);
            while (!part.isEmpty()) {
                inParts.addAll(part);
                part = store().events("one", inParts.size(), 100);
            }
            check(
                    inParts.equals(all),
                    "all events are read in parts",
                    () -> Difference.between("the events", all, inParts));
            for (long after : new long[] {count, count + 1L, Long.MAX_VALUE}) {
                check(
                        store().events("one", after, 10).isEmpty(),
                        "there are no events after " + after,
                        () -> "some of " + count);
            }
            check(store().events("unknown", 0, 10).isEmpty(), "an unknown execution has no events", () -> "some");
            reopen();
        }
        isIllegal("events after -1", () -> store().events("one", -1, 1));
        isIllegal("events with max 0", () -> store().events("one", 0, 0));
        await(store().remove("one"));
        check(store().events("one", 0, 10).isEmpty(), "a removed execution has no events", () -> "some");
    }

    // Secrets.

    @Test
    @DisplayName("S28 An execution whose workflow marks secrets is returned as it was, or refused with no_cipher")
    final void secrets() throws Exception {
        StoredRun run = new StoredRun("one", StoredRun.secretWorkflow())
                .put("card", "4111 1111 1111 1111")
                .put("large", "y".repeat(20_000));
        if (!store().keepsSecrets()) {
            isRefused("no_cipher", run.step());
            isGone("one");
            return;
        }
        commit(run, 2);
        await(store().commit(run.emit(3)));
        await(store().commit(run.quietStep()));
        assertStored(run);
        reopen();
        assertStored(run);
        commit(run, 1);
        List<RecordedEvent> read = store().events("one", 1, ALL);
        check(
                !read.isEmpty() && read.equals(run.events().subList(1, 1 + read.size())),
                "its events are read",
                () -> Difference.between("the events", run.events(), read));
        assertStored(run);
    }

    // Helpers of the rules.

    /** Hands in a step of each run at once, and waits for all of them. */
    private void commitAll(List<StoredRun> runs) {
        List<CompletionStage<?>> stages = new ArrayList<>();
        runs.forEach(run -> stages.add(store().commit(run.step())));
        stages.forEach(this::await);
    }

    private void isAsCommitted(StoredRun run, Optional<StoredExecution> execution) {
        String wanted = "execution " + run.id() + " is found as its commits have left it";
        StoredExecution found = execution.orElseThrow(() -> failed(wanted, "it is not found", null));
        String difference = Stream.of(
                        Difference.between("the workflow", run.definition(), found.definition()),
                        Difference.between("the snapshot", run.snapshot(), found.snapshot()),
                        run.events().size() == found.events().size()
                                ? Difference.between("the events", run.events(), found.events())
                                : found.events().size() + " events instead of "
                                        + run.events().size())
                .filter(each -> !each.isEmpty())
                .findFirst()
                .orElse("");
        check(difference.isEmpty(), wanted, () -> difference);
    }

    private void hasEvents(List<RecordedEvent> wanted, String how, Optional<StoredExecution> execution) {
        List<RecordedEvent> found =
                execution.map(StoredExecution::events).orElseThrow(() -> failed(how + " finds it", "nothing", null));
        check(
                found.equals(wanted),
                how + " gives the events " + numbers(wanted),
                () -> found.size() == wanted.size() && numbers(found).equals(numbers(wanted))
                        ? Difference.between("the events", wanted, found)
                        : "the events " + numbers(found));
    }

    private static String numbers(List<RecordedEvent> events) {
        return events.stream().map(RecordedEvent::seq).toList().toString();
    }

    private void areRead(List<String> ids) {
        List<String> read =
                loadAll(0).stream().map(each -> each.snapshot().executionId()).toList();
        check(
                read.equals(ids),
                "loadAll gives the " + ids.size() + " executions in the order of their start",
                () -> Difference.between("the ids", ids, read));
    }

    private void isGone(String id) {
        check(store().find(id, 10).isEmpty(), "execution " + id + " is not found", () -> "it is found");
    }

    private void isRefused(String code, Commit commit) {
        hasCode(code, store().commit(commit));
    }

    private void hasCode(String code, CompletionStage<?> stage) {
        String seen = failure(stage);
        check(seen.equals(code), "the stage fails with code " + code, () -> "the code " + seen);
    }

    private void haveNotFailed(Set<Throwable> failures) {
        check(failures.isEmpty(), "no commit fails", failures::toString);
    }

    private void isIllegal(String what, Attempt attempt) {
        Throwable thrown = thrownBy(attempt);
        check(
                thrown instanceof IllegalArgumentException,
                what + " throws an IllegalArgumentException",
                () -> thrown == null ? "it returns" : thrown.toString());
    }

    private void isClosed(String what, @Nullable Throwable thrown) {
        check(
                thrown instanceof FlowScriptException known && known.code().equals("store_closed"),
                what + " throws a FlowScriptException with code store_closed",
                () -> thrown == null ? "it returns" : thrown.toString());
    }

    private interface Attempt {
        void run();
    }

    private static @Nullable Throwable thrownBy(Attempt attempt) {
        try {
            attempt.run();
            return null;
        } catch (RuntimeException e) {
            return e;
        }
    }

    /** Has no stack trace, so that it does not look like a fault in a log. */
    private static final class MeantFailure extends RuntimeException {
        private static final long serialVersionUID = 1L;

        MeantFailure() {
            super("a rule of the contract fails here on purpose", null, false, false);
        }
    }

    private void eventually(BooleanSupplier condition, String wanted) {
        long end = System.nanoTime() + patience().toNanos();
        CountDownLatch never = new CountDownLatch(1);
        try {
            while (!condition.getAsBoolean()) {
                boolean inTime = end > System.nanoTime() && !never.await(POLL_MILLIS, TimeUnit.MILLISECONDS);
                check(inTime, wanted, () -> "it is not within " + patience());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw failed(wanted, "the test was interrupted", e);
        }
    }

    private void check(boolean right, String wanted, Supplier<String> seen) {
        if (!right) {
            throw failed(wanted, seen.get(), null);
        }
    }

    private AssertionError failed(String wanted, String seen, @Nullable Throwable cause) {
        return new AssertionError(rule + "\nRight: " + wanted + "\nSeen: " + seen, cause);
    }
}
