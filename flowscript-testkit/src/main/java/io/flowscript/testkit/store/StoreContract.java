package io.flowscript.testkit.store;

import static org.junit.jupiter.api.Assumptions.assumeFalse;

import io.flowscript.core.FlowScriptException;
import io.flowscript.core.event.RecordedEvent;
import io.flowscript.core.event.StateUpdated;
import io.flowscript.core.interaction.Interaction;
import io.flowscript.core.interaction.InteractionOrder;
import io.flowscript.core.interaction.InteractionPage;
import io.flowscript.core.interaction.InteractionPlace;
import io.flowscript.core.interaction.InteractionQuery;
import io.flowscript.core.snapshot.ExecutionSnapshot;
import io.flowscript.core.snapshot.ExecutionStatus;
import io.flowscript.core.store.Commit;
import io.flowscript.core.store.ExecutionCount;
import io.flowscript.core.store.ExecutionQuery;
import io.flowscript.core.store.ExecutionStore;
import io.flowscript.core.store.StoreUsage;
import io.flowscript.core.store.StoredExecution;
import io.flowscript.core.workflow.WorkflowDefinition;
import io.flowscript.testkit.threads.NewThreads;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
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
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
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
    private static final int PAGE = 100;
    private static final int MOST = 10_000;

    private String rule = "";
    private NewThreads threads = NewThreads.fromNow();
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

    /** {@return all executions, page by page, the newest first} */
    protected final List<StoredExecution> all() {
        return pages(
                PAGE,
                last -> new ExecutionQuery.Newest(null, null, last == null ? Long.MAX_VALUE : last.number(), PAGE));
    }

    /** Reads page by page. */
    private List<StoredExecution> pages(int limit, Function<@Nullable StoredExecution, ExecutionQuery> next) {
        List<StoredExecution> all = new ArrayList<>();
        StoredExecution last = null;
        while (true) {
            List<StoredExecution> page = store().list(next.apply(last));
            check(
                    page.size() <= limit,
                    "a page has at most " + limit + " executions",
                    () -> page.size() + " executions");
            if (page.isEmpty()) {
                return all;
            }
            all.addAll(page);
            last = page.get(page.size() - 1);
            check(all.size() <= MOST, "the pages end", () -> "more than " + MOST + " executions");
        }
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
        threads = NewThreads.fromNow();
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
    @DisplayName("S3 All executions are listed, the one that was started last first, however many there are")
    final void allInTheirOrder() throws Exception {
        List<StoredRun> runs = IntStream.range(0, 500)
                .mapToObj(i -> new StoredRun("run-" + (i * 7919) % 500))
                .toList();
        List<String> ids = runs.stream().map(StoredRun::id).toList();
        commitAll(runs);

        areSame("all executions", reversed(ids), all());
        reopen();
        areSame("all executions", reversed(ids), all());
        for (int i = 10; i > 0; i--) {
            commit(runs.get(i), 1);
        }
        areSame("all executions", reversed(ids), all());
        reopen();
        areSame("all executions", reversed(ids), all());
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
        return threads.left().stream().filter(thread -> !isForeign(thread)).toList();
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
    @DisplayName("S15 Executions are listed by workflow and by status, from any number and up to a limit")
    final void byWorkflowAndStatus() throws Exception {
        List<StoredRun> runs = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            StoredRun run = new StoredRun("run-" + i, StoredRun.workflow(i % 2 == 0 ? "even" : "odd"));
            runs.add(run);
            commit(run, 1);
            if (i % 4 > 1) {
                await(store().commit(i % 4 == 2 ? run.ask() : run.complete()));
            }
        }
        for (int round = 0; round < 2; round++) {
            for (String workflow : new String[] {null, "even", "odd", "none"}) {
                for (ExecutionStatus status : new ExecutionStatus[] {
                    null, ExecutionStatus.RUNNING, ExecutionStatus.PAUSED, ExecutionStatus.COMPLETED
                }) {
                    areListed(runs, workflow, status);
                }
            }
            reopen();
        }
    }

    private void areListed(List<StoredRun> runs, @Nullable String workflow, @Nullable ExecutionStatus status) {
        for (int limit : new int[] {1, 3, 100}) {
            for (long before : new long[] {
                Long.MAX_VALUE, runs.get(20).number(), runs.get(0).number()
            }) {
                List<String> wanted = runs.stream()
                        .filter(run -> run.number() < before)
                        .filter(run -> workflow == null
                                || workflow.equals(run.definition().id()))
                        .filter(run ->
                                status == null || status == run.snapshot().status())
                        .map(StoredRun::id)
                        .collect(Collectors.collectingAndThen(Collectors.toList(), StoreContract::reversed));
                areSame(
                        "executions of workflow " + workflow + " with status " + status + " by " + limit,
                        wanted,
                        pages(
                                limit,
                                last -> new ExecutionQuery.Newest(
                                        workflow, status, last == null ? before : last.number(), limit)));
            }
        }
    }

    private static List<String> reversed(List<String> ids) {
        List<String> reversed = new ArrayList<>(ids);
        Collections.reverse(reversed);
        return reversed;
    }

    private void areSame(String what, List<String> wanted, List<StoredExecution> listed) {
        List<String> ids =
                listed.stream().map(each -> each.snapshot().executionId()).toList();
        check(
                ids.equals(wanted),
                what + ": " + wanted.size() + " are listed in their order",
                () -> Difference.between("the ids", wanted, ids));
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

        Map<String, WorkflowDefinition> all = new HashMap<>();
        all().forEach(each -> all.put(each.snapshot().executionId(), each.definition()));
        check(
                all.get("first") == all.get("second"),
                "both executions have the same object for their workflow",
                () -> "two objects");
        check(
                third.definition().equals(all.get("third")),
                "an execution of another workflow has its own",
                () -> String.valueOf(all.get("third")));
    }

    // Limits and values.

    @Test
    @DisplayName("S19 A negative maxEvents is refused with IllegalArgumentException")
    final void negativeMaximum() {
        commit(new StoredRun("one"), 1);
        for (int max : new int[] {-1, Integer.MIN_VALUE}) {
            isIllegal("find with maxEvents " + max, () -> store().find("one", max));
            isIllegal("find of an unknown id with maxEvents " + max, () -> store().find("unknown", max));
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
    @DisplayName("S23 Executions are listed by the time at which something is due, those that are due at once apart")
    final void dueExecutions() throws Exception {
        Instant base = StoredRun.START.plus(Duration.ofDays(1));
        List<StoredRun> sleeping = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            StoredRun run = new StoredRun("sleeps-" + i);
            sleeping.add(run);
            commit(run, 1);
            await(store().commit(run.sleep(base.plusMillis(i * 7 % 10))));
        }
        commit(new StoredRun("working-1"), 1);
        commit(new StoredRun("working-2"), 2);
        StoredRun asks = new StoredRun("asks");
        commit(asks, 1);
        await(store().commit(asks.ask()));
        StoredRun ended = new StoredRun("ended");
        commit(ended, 1);
        await(store().commit(ended.complete()));
        StoredRun late = new StoredRun("late");
        await(store().commit(late.sleep(Instant.MAX)));

        for (int round = 0; round < 2; round++) {
            areSame(
                    "executions that are due at once",
                    List.of("working-1", "working-2"),
                    due(Instant.EPOCH, Long.MIN_VALUE, Instant.EPOCH, 10));
            for (int limit : new int[] {1, 4, 100}) {
                areSame(
                        "executions that are due up to 4 ms, by " + limit,
                        inOrder(sleeping, base.plusMillis(4)),
                        due(Instant.EPOCH, Long.MAX_VALUE, base.plusMillis(4), limit));
            }
            areSame(
                    "executions that are due after 9 ms",
                    List.of("late"),
                    due(base.plusMillis(9), Long.MAX_VALUE, Instant.MAX, 10));
            areSame(
                    "executions that are due before all",
                    List.of(),
                    due(Instant.EPOCH, Long.MAX_VALUE, base.minusMillis(1), 10));
            reopen();
        }
        StoredRun woken = sleeping.remove(3);
        await(store().commit(woken.step(List.of(new StateUpdated("woken", true)), next -> next.visit(null))));
        await(store().remove("working-1"));
        areSame(
                "executions that are due at once",
                List.of(woken.id(), "working-2"),
                due(Instant.EPOCH, Long.MIN_VALUE, Instant.EPOCH, 1));
        areSame(
                "executions that are due up to 4 ms",
                inOrder(sleeping, base.plusMillis(4)),
                due(Instant.EPOCH, Long.MAX_VALUE, base.plusMillis(4), 5));
    }

    private List<StoredExecution> due(Instant after, long afterNumber, Instant upTo, int limit) {
        return pages(
                limit,
                last -> last == null
                        ? new ExecutionQuery.Due(after, afterNumber, upTo, limit)
                        : new ExecutionQuery.Due(dueAt(last.snapshot()), last.number(), upTo, limit));
    }

    private static List<String> inOrder(List<StoredRun> sleeping, Instant upTo) {
        return sleeping.stream()
                .filter(run -> !dueAt(run.snapshot()).isAfter(upTo))
                .sorted(Comparator.comparing((StoredRun run) -> dueAt(run.snapshot()))
                        .thenComparing(StoredRun::number))
                .map(StoredRun::id)
                .toList();
    }

    private static Instant dueAt(ExecutionSnapshot snapshot) {
        return Objects.requireNonNull(snapshot.dueAt(), "dueAt");
    }

    @Test
    @DisplayName("S24 After closing, reading fails with store_closed")
    final void readingWhenClosed() throws Exception {
        StoredRun run = new StoredRun("one");
        commit(run, 1);
        store().close();

        isClosed("find", thrownBy(() -> store().find("one", 1)));
        isClosed("list", thrownBy(this::all));
        isClosed("usage", thrownBy(() -> store().usage()));
        isClosed("events", thrownBy(() -> store().events("one", 0, 1)));
        InteractionQuery all = InteractionQuery.of(InteractionSamples.ALL);
        isClosed("interactions", thrownBy(() -> store().interactions(all, InteractionOrder.OLDEST, null, 1)));
        isClosed("count", thrownBy(() -> store().count(1)));
        isClosed("countInteractions", thrownBy(() -> store().countInteractions(all, 1)));
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

    @Test
    @DisplayName(
            "S28 Executions that have ended are listed by their end, and the store says how many there are and how large")
    final void endedExecutions() throws Exception {
        check(
                store().usage().equals(new StoreUsage(0, 0)),
                "an empty store uses nothing",
                () -> store().usage().toString());
        List<StoredRun> runs =
                IntStream.range(0, 9).mapToObj(i -> new StoredRun("run-" + i)).toList();
        commitAll(runs);
        List<String> ends = new ArrayList<>();
        for (int i : new int[] {4, 2, 8, 0}) {
            // Each has one more event than the one before, so its last event is later.
            await(store().commit(runs.get(i).emit(1_000 + ends.size())));
            await(store().commit(runs.get(i).complete()));
            ends.add(runs.get(i).id());
        }
        Instant third = runs.get(8).snapshot().lastEventAt();
        for (int round = 0; round < 2; round++) {
            areSame("executions that have ended", ends, store().list(new ExecutionQuery.Ended(Instant.MAX, 10)));
            areSame(
                    "the two that ended first",
                    ends.subList(0, 2),
                    store().list(new ExecutionQuery.Ended(Instant.MAX, 2)));
            areSame(
                    "executions that had ended by the third end",
                    ends.subList(0, 3),
                    store().list(new ExecutionQuery.Ended(third, 10)));
            check(
                    store().usage().ended() == 4,
                    "4 executions have ended",
                    () -> store().usage().toString());
            long bytes = store().usage().endedBytes();
            check(
                    bytes > 4 * 1_000 * 20 && bytes < 10 * MEBIBYTE,
                    "4 executions with 1,000 events each need 80,000 bytes at least",
                    () -> bytes + " bytes");
            reopen();
        }
        long before = store().usage().endedBytes();
        await(store().remove(ends.get(0)));
        StoreUsage left = store().usage();
        check(
                left.ended() == 3 && left.endedBytes() < before && left.endedBytes() > before / 2,
                "one of 4 executions is gone",
                left::toString);
        areSame("those that are left", ends.subList(1, 4), store().list(new ExecutionQuery.Ended(Instant.MAX, 10)));
        StoredRun large = new StoredRun("large").put("large", "x".repeat(MEBIBYTE));
        commit(large, 2);
        await(store().commit(large.complete()));
        StoreUsage with = store().usage();
        check(
                with.ended() == 4 && with.endedBytes() - left.endedBytes() > MEBIBYTE,
                "one that ends with a text of 1 MiB in its state needs more than that",
                () -> with + " after " + left);
    }

    // Secrets.

    @Test
    @DisplayName("S29 An execution whose workflow marks secrets is returned as it was, or refused with no_cipher")
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
        commit(run, 1);
        assertStored(run);
        reopen();
        assertStored(run);
    }

    @Test
    @DisplayName("S30 An execution that has moved to another version is returned with it, and others keep theirs")
    final void movedToAnotherVersion() throws Exception {
        StoredRun moved = new StoredRun("moved");
        StoredRun kept = new StoredRun("kept");
        commit(moved, 2);
        commit(kept, 2);
        WorkflowDefinition version =
                WorkflowDefinition.of(Map.of("id", moved.definition().id(), "nodes", List.of("first", "third")));
        await(store().commit(moved.moveTo(version)));
        assertStored(moved);
        assertStored(kept);
        commit(moved, 1);
        reopen();
        assertStored(moved);
        assertStored(kept);
        await(store().commit(kept.moveTo(version)));
        assertStored(kept);
    }

    // Interactions.

    @Test
    @DisplayName("S31 Interactions are read page by page in each order, those that fulfil all conditions")
    final void interactionsInOrder() throws Exception {
        List<StoredRun> runs = asking(40);
        List<Interaction> all = interactionsOf(runs);
        for (int round = 0; round < 2; round++) {
            for (InteractionQuery query : InteractionSamples.queries(runs.get(3).id())) {
                for (InteractionOrder order : InteractionOrder.values()) {
                    for (int limit : round == 0 ? new int[] {20, 1_000} : new int[] {7}) {
                        areInteractions(query, order, limit, all);
                    }
                }
            }
            reopen();
        }
        InteractionQuery any = InteractionQuery.of(InteractionSamples.ALL);
        isIllegal("interactions with limit 0", () -> store().interactions(any, InteractionOrder.OLDEST, null, 0));
    }

    @Test
    @DisplayName(
            "S32 Interactions are as the last commit has left them, stay when their execution ends, and go when it is removed")
    final void interactionsOfTheLastCommit() throws Exception {
        List<StoredRun> runs = asking(10);
        InteractionQuery any = InteractionQuery.of(InteractionSamples.ALL);
        Random random = new Random(32);
        InteractionSamples samples = new InteractionSamples(32);
        for (int i = 0; i < 100; i++) {
            StoredRun run = runs.get(random.nextInt(runs.size()));
            List<Interaction> open = new ArrayList<>(run.snapshot().open());
            List<Interaction> closed = new ArrayList<>(run.snapshot().closed());
            if (!open.isEmpty() && random.nextInt(3) > 0) {
                Interaction changed = open.remove(random.nextInt(open.size()));
                if (random.nextBoolean()) {
                    closed.add(changed.toBuilder()
                            .status(Interaction.Status.ANSWERED)
                            .claim(null)
                            .seenBy(List.of())
                            .closedAt(StoredRun.START.plusSeconds(9))
                            .build());
                } else {
                    open.add(changed.toBuilder().seenBy(List.of("eve")).build());
                }
            } else if (closed.size() > 2) {
                closed.remove(0);
            } else {
                sort(samples.next(run.id(), run.definition().id()), open, closed);
            }
            await(store().commit(run.step(
                    List.of(new StateUpdated("changed", true)),
                    next -> next.open(open).closed(closed))));
            if (i % 10 == 9) {
                areInteractions(any, InteractionOrder.OLDEST, 1_000, interactionsOf(runs));
                areInteractions(
                        InteractionQuery.of(InteractionSamples.OPEN),
                        InteractionOrder.DEADLINE,
                        7,
                        interactionsOf(runs));
            }
        }
        await(store().commit(runs.get(0).complete()));
        commit(runs.get(1), 2);
        await(store().commit(runs.get(2).emit(3)));
        areInteractions(any, InteractionOrder.NEWEST, 1_000, interactionsOf(runs));
        reopen();
        areInteractions(any, InteractionOrder.NEWEST, 1_000, interactionsOf(runs));
        for (int i = 0; i < 5; i++) {
            await(store().remove(runs.remove(0).id()));
        }
        areInteractions(any, InteractionOrder.NEWEST, 1_000, interactionsOf(runs));
    }

    @Test
    @DisplayName("S33 Interactions are counted, those that fulfil all conditions, up to a number")
    final void interactionsAreCounted() throws Exception {
        List<StoredRun> runs = asking(40);
        List<Interaction> all = interactionsOf(runs);
        for (InteractionQuery query : InteractionSamples.queries(runs.get(3).id())) {
            long right = all.stream().filter(query::matches).count();
            for (long most : new long[] {1, 5, Long.MAX_VALUE}) {
                long seen = store().countInteractions(query, most);
                check(
                        seen == Math.min(right, most),
                        "there are " + right + " interactions of " + query + ", counted up to " + most,
                        () -> String.valueOf(seen));
            }
        }
        InteractionQuery any = InteractionQuery.of(InteractionSamples.ALL);
        isIllegal("countInteractions up to 0", () -> store().countInteractions(any, 0));
    }

    @Test
    @DisplayName("S34 The definition of an execution is found by its hash")
    final void definitionsAreFound() {
        StoredRun one = new StoredRun("one");
        StoredRun other = new StoredRun("other", StoredRun.workflow("other"));
        commit(one, 1);
        commit(other, 1);
        for (StoredRun run : List.of(one, other)) {
            Optional<WorkflowDefinition> seen =
                    store().definition(run.definition().hash());
            check(
                    seen.equals(Optional.of(run.definition())),
                    "the definition of execution " + run.id() + " is found by its hash",
                    () -> String.valueOf(seen));
        }
        Optional<WorkflowDefinition> none = store().definition("0".repeat(64));
        check(none.isEmpty(), "there is no definition of an unknown hash", () -> String.valueOf(none));
    }

    @Test
    @DisplayName("S35 Executions are counted by workflow and status, as the last commit has left them, up to a number")
    final void executionsAreCounted() throws Exception {
        List<StoredRun> runs = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            StoredRun run = new StoredRun("counted-" + i, StoredRun.workflow(i % 3 == 0 ? "others" : "steps"));
            commit(run, 2);
            runs.add(run);
        }
        for (int i = 0; i < 12; i++) {
            await(store().commit(runs.get(i).complete()));
        }
        isCounted(runs);
        await(store().remove(runs.remove(0).id()));
        reopen();
        isCounted(runs);
        for (int most : new int[] {1, 7, 29}) {
            long seen = store().count(most).stream()
                    .mapToLong(ExecutionCount::count)
                    .sum();
            check(seen == most, "counting ends at " + most, () -> String.valueOf(seen));
        }
        isIllegal("count up to 0", () -> store().count(0));
    }

    private void isCounted(List<StoredRun> runs) {
        Set<ExecutionCount> right = Set.copyOf(ExecutionCount.of(runs.stream().map(StoredRun::snapshot)));
        List<ExecutionCount> seen = store().count(Integer.MAX_VALUE);
        check(
                seen.size() == right.size() && right.containsAll(seen),
                "executions are counted as " + right,
                seen::toString);
    }

    /** Commits executions with interactions. */
    private List<StoredRun> asking(int count) {
        List<StoredRun> runs = new ArrayList<>();
        InteractionSamples samples = new InteractionSamples(31);
        for (int i = 0; i < count; i++) {
            StoredRun run =
                    i % 3 == 0 ? new StoredRun("asks-" + i, StoredRun.workflow("others")) : new StoredRun("asks-" + i);
            List<Interaction> open = new ArrayList<>();
            List<Interaction> closed = new ArrayList<>();
            for (int k = i == 3 ? 5 : i % 5; k > 0; k--) {
                sort(samples.next(run.id(), run.definition().id()), open, closed);
            }
            await(store().commit(run.step(List.of(), next -> next.open(open).closed(closed))));
            runs.add(run);
        }
        return runs;
    }

    private static void sort(Interaction interaction, List<Interaction> open, List<Interaction> closed) {
        (interaction.isOpen() ? open : closed).add(interaction);
    }

    private static List<Interaction> interactionsOf(List<StoredRun> runs) {
        return runs.stream()
                .flatMap(run -> Stream.concat(run.snapshot().open().stream(), run.snapshot().closed().stream()))
                .toList();
    }

    private void areInteractions(InteractionQuery query, InteractionOrder order, int limit, List<Interaction> all) {
        List<Interaction> right = all.stream()
                .filter(query::matches)
                .sorted(Comparator.comparing(InteractionPlace::of, order.places()))
                .toList();
        List<Interaction> seen = new ArrayList<>();
        InteractionPlace next = null;
        int pages = 0;
        do {
            InteractionPage page = store().interactions(query, order, next, limit);
            check(
                    page.interactions().size() <= limit,
                    "a page has at most " + limit + " interactions",
                    () -> page.interactions().size() + " interactions");
            seen.addAll(page.interactions());
            next = page.next();
            pages++;
            check(pages <= MOST, "the pages end", () -> "more than " + MOST + " pages");
        } while (next != null);
        check(
                seen.equals(right),
                "the interactions of " + query + " are read in the order " + order + ", by " + limit,
                () -> Difference.between("the interactions", right, seen));
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

    /** In any order, which is asked by rules of its own. */
    private void areRead(List<String> ids) {
        List<String> read = all().stream()
                .map(each -> each.snapshot().executionId())
                .sorted()
                .toList();
        List<String> wanted = ids.stream().sorted().toList();
        check(
                read.equals(wanted),
                "all " + ids.size() + " executions are listed",
                () -> Difference.between("the ids", wanted, read));
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
