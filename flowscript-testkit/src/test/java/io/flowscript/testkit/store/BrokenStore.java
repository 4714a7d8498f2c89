package io.flowscript.testkit.store;

import io.flowscript.core.FlowScriptException;
import io.flowscript.core.Identity;
import io.flowscript.core.event.CustomEvent;
import io.flowscript.core.event.RecordedEvent;
import io.flowscript.core.interaction.Interaction;
import io.flowscript.core.interaction.InteractionOrder;
import io.flowscript.core.interaction.InteractionPage;
import io.flowscript.core.interaction.InteractionPlace;
import io.flowscript.core.interaction.InteractionQuery;
import io.flowscript.core.json.Json;
import io.flowscript.core.json.SecretPaths;
import io.flowscript.core.snapshot.ExecutionSnapshot;
import io.flowscript.core.snapshot.ExecutionStatus;
import io.flowscript.core.store.Commit;
import io.flowscript.core.store.ExecutionCount;
import io.flowscript.core.store.ExecutionQuery;
import io.flowscript.core.store.ExecutionStore;
import io.flowscript.core.store.StoreUsage;
import io.flowscript.core.store.StoredExecution;
import io.flowscript.core.workflow.WorkflowDefinition;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A store that fulfils the contract, but for one fault. One thread writes to a disk in memory, and another one completes
 * stages.
 */
final class BrokenStore implements ExecutionStore {

    private static final int MANY_FIRST = 900;
    private static final int ONE_OF_MANY = 2_000;
    private static final int LARGE = 5_000_000;
    private static final int TORN_STEP = 150;

    private static final CountDownLatch LEFT = new CountDownLatch(1);

    private final Disk disk;
    private final Fault fault;
    private final ExecutorService writer;
    private final ExecutorService completions;
    private final CountDownLatch closing = new CountDownLatch(1);
    private boolean closed;
    private int handedIn;
    private int firsts;
    private boolean failsNextStart;

    /** What stays when a store is closed. It is also the lock of the data. */
    static final class Disk {

        private static final AtomicInteger DISKS = new AtomicInteger();

        private final String threadName = "broken-store-" + DISKS.incrementAndGet() + "-";
        private final Map<String, Kept> executions = new LinkedHashMap<>();
        private final Map<String, List<RecordedEvent>> leftBehind = new HashMap<>();
        private final Map<String, WorkflowDefinition> definitions = new HashMap<>();
        private final Set<String> removed = new HashSet<>();
        private final List<ExecutionSnapshot> removedSnapshots = new ArrayList<>();
        private int reads;

        String threadName() {
            return threadName;
        }
    }

    private static final class Kept {
        final long number;
        WorkflowDefinition definition;
        ExecutionSnapshot snapshot;
        final List<RecordedEvent> events = new ArrayList<>();

        Kept(long number, WorkflowDefinition definition, ExecutionSnapshot snapshot) {
            this.number = number;
            this.definition = definition;
            this.snapshot = snapshot;
        }

        long lastSeq() {
            return events.isEmpty()
                    ? snapshot.seq()
                    : events.get(events.size() - 1).seq();
        }
    }

    BrokenStore(Disk disk, Fault fault) {
        this.disk = disk;
        this.fault = fault;
        writer = Executors.newSingleThreadExecutor(work -> thread(work, "writer"));
        completions = Executors.newSingleThreadExecutor(work -> thread(work, "completions"));
        synchronized (disk) {
            for (Kept kept : disk.executions.values()) {
                forget(kept);
            }
        }
        if (fault == Fault.LEAVES_A_THREAD) {
            thread(() -> awaitQuietly(LEFT), "left").start();
        }
    }

    private Thread thread(Runnable work, String name) {
        Thread thread = new Thread(work, disk.threadName + name);
        thread.setDaemon(true);
        return thread;
    }

    static void endLeftThreads() {
        LEFT.countDown();
    }

    private void forget(Kept kept) {
        int last = kept.events.size() - 1;
        if (fault == Fault.LOSES_THE_LAST_EVENT_ON_REOPENING && last >= 0) {
            kept.events.remove(last);
        }
        if (fault == Fault.LOSES_EVENTS_WITHOUT_A_SNAPSHOT_ON_REOPENING) {
            kept.events.removeIf(event -> event.seq() > kept.snapshot.seq());
        }
    }

    // Writing.

    @Override
    public boolean keepsSecrets() {
        return fault != Fault.WRITES_SECRETS_WITHOUT_A_CIPHER;
    }

    @Override
    public CompletionStage<@Nullable Void> commit(Commit commit) {
        if (fault == Fault.DROPS_WHAT_WAITS_AT_CLOSE && commit.isFirst() && isLate()) {
            return add(() -> {
                awaitQuietly(closing);
                throw failed("dropped");
            });
        }
        if (fault == Fault.COMPLETES_BEFORE_WRITING && !commit.isFirst()) {
            return addTooEarly(commit);
        }
        return add(() -> write(commit));
    }

    private synchronized boolean isLate() {
        return ++firsts > MANY_FIRST;
    }

    @Override
    public CompletionStage<@Nullable Void> remove(String executionId) {
        return add(() -> {
            synchronized (disk) {
                String id = key(executionId);
                Kept kept = disk.executions.remove(id);
                if (kept == null && fault == Fault.FAILS_TO_REMOVE_WHAT_IS_NOT_THERE) {
                    throw failed("not there");
                }
                if (kept != null) {
                    disk.leftBehind.put(id, kept.events);
                    disk.removedSnapshots.add(kept.snapshot);
                    disk.removed.add(id);
                }
            }
        });
    }

    private CompletionStage<@Nullable Void> add(Runnable change) {
        CompletableFuture<@Nullable Void> stage = new CompletableFuture<>();
        synchronized (this) {
            if (!closed) {
                writer.execute(() -> run(change, stage));
                return stage;
            }
        }
        if (fault == Fault.ACCEPTS_AFTER_CLOSE) {
            stage.complete(null);
        } else {
            stage.completeExceptionally(new FlowScriptException("store_closed", "closed"));
        }
        return stage;
    }

    private void run(Runnable change, CompletableFuture<@Nullable Void> stage) {
        FlowScriptException failure = null;
        try {
            change.run();
        } catch (FlowScriptException e) {
            failure = e;
        }
        FlowScriptException why = failure;
        if (fault == Fault.COMPLETES_ON_THE_WRITING_THREAD) {
            complete(stage, why);
        } else {
            completions.execute(() -> complete(stage, why));
        }
    }

    private static void complete(CompletableFuture<@Nullable Void> stage, @Nullable FlowScriptException failure) {
        if (failure == null) {
            stage.complete(null);
        } else {
            stage.completeExceptionally(failure);
        }
    }

    /** Other threads do not see that it was too early, because they cannot read meanwhile. */
    private CompletionStage<@Nullable Void> addTooEarly(Commit commit) {
        CompletableFuture<@Nullable Void> stage = new CompletableFuture<>();
        var unused = add(() -> {
                    synchronized (disk) {
                        there(commit);
                        stage.complete(null);
                        write(commit);
                    }
                })
                .whenComplete((nothing, failure) -> {
                    if (failure != null) {
                        stage.completeExceptionally(failure);
                    }
                });
        return stage;
    }

    private void write(Commit commit) {
        if (fault == Fault.DROPS_ONE_OF_MANY && ++handedIn == ONE_OF_MANY) {
            return;
        }
        try {
            if (commit.isFirst()) {
                start(commit);
            } else {
                append(commit);
            }
        } catch (FlowScriptException e) {
            failsNextStart = fault == Fault.FAILS_THE_NEIGHBOUR_OF_A_FAILURE;
            throw e;
        }
    }

    private void start(Commit commit) {
        if (failsNextStart) {
            failsNextStart = false;
            throw failed("the neighbour failed");
        }
        synchronized (disk) {
            String id = key(commit.executionId());
            Kept there = disk.executions.get(id);
            if (there != null && fault != Fault.ACCEPTS_AN_ID_THAT_EXISTS) {
                if (fault == Fault.WRITES_WHAT_IT_REFUSES) {
                    there.definition = commit.definition();
                    there.snapshot = commit.snapshot();
                }
                throw new FlowScriptException("execution_exists", "exists");
            }
            WorkflowDefinition definition = commit.definition();
            disk.definitions.putIfAbsent(definition.hash(), definition);
            Kept kept = new Kept(commit.number(), disk.definitions.get(definition.hash()), changed(commit.snapshot()));
            if (fault == Fault.LEAVES_EVENTS_BEHIND) {
                kept.events.addAll(disk.leftBehind.getOrDefault(id, List.of()));
            }
            kept.events.addAll(changed(commit.events()));
            disk.executions.put(id, kept);
        }
    }

    private void append(Commit commit) {
        synchronized (disk) {
            String id = key(commit.executionId());
            if (fault == Fault.ACCEPTS_COMMITS_OF_THE_REMOVED && disk.removed.contains(id)) {
                return;
            }
            Kept kept = there(commit);
            List<RecordedEvent> events = changed(commit.events());
            kept.events.addAll(events);
            WorkflowDefinition moved = commit.definition();
            if (moved != null && fault != Fault.KEEPS_THE_FIRST_VERSION) {
                kept.definition = moved;
            }
            ExecutionSnapshot snapshot = commit.snapshot();
            if (snapshot == null) {
                emitted(kept);
            } else if (fault != Fault.FORGETS_SNAPSHOTS_WITHOUT_EVENTS || !events.isEmpty()) {
                if (fault == Fault.WRITES_EVENTS_BEFORE_THE_SNAPSHOT && snapshot.steps() == TORN_STEP) {
                    awaitRead();
                }
                kept.snapshot = changed(snapshot);
            }
            if (fault == Fault.READS_IN_THE_ORDER_OF_THE_LAST_COMMIT) {
                disk.executions.remove(id);
                disk.executions.put(id, kept);
            }
        }
    }

    /** {@return the execution that a commit follows} */
    private Kept there(Commit commit) {
        Kept kept = disk.executions.get(key(commit.executionId()));
        if (kept == null) {
            throw failed("no such execution");
        }
        if (fault != Fault.ACCEPTS_A_GAP
                && !commit.events().isEmpty()
                && commit.events().get(0).seq() != kept.lastSeq() + 1) {
            throw failed("does not follow");
        }
        return kept;
    }

    private void emitted(Kept kept) {
        if (fault == Fault.MOVES_THE_SNAPSHOT_TO_THE_LAST_EVENT) {
            kept.snapshot = kept.snapshot.toBuilder().seq(kept.lastSeq()).build();
        }
    }

    /** Lets somebody read in the middle of a write. */
    private void awaitRead() {
        int before = disk.reads;
        try {
            while (disk.reads == before) {
                disk.wait();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private ExecutionSnapshot changed(ExecutionSnapshot snapshot) {
        if (fault == Fault.FORGETS_THE_VISIT) {
            return snapshot.toBuilder().visit(null).build();
        }
        if (fault == Fault.FORGETS_WHAT_IS_SECRET) {
            return snapshot.toBuilder().secrets(SecretPaths.NONE).build();
        }
        if (fault == Fault.CUTS_LARGE_TEXTS
                && snapshot.state().get("large") instanceof String large
                && large.length() > LARGE) {
            Map<String, Object> state = new TreeMap<>(snapshot.state());
            state.put("large", large.substring(0, LARGE));
            return snapshot.toBuilder().state(state).build();
        }
        return snapshot;
    }

    private List<RecordedEvent> changed(List<RecordedEvent> events) {
        return fault == Fault.FORGETS_CONFLATION_KEYS
                ? events.stream().map(BrokenStore::withoutConflationKey).toList()
                : events;
    }

    private static RecordedEvent withoutConflationKey(RecordedEvent recorded) {
        if (!(recorded.event() instanceof CustomEvent event)) {
            return recorded;
        }
        return new RecordedEvent(
                recorded.executionId(),
                recorded.workflowId(),
                recorded.epoch(),
                recorded.seq(),
                recorded.time(),
                new CustomEvent(event.type(), event.nodeId(), event.nodeName(), event.payload(), null));
    }

    private String key(String executionId) {
        return fault == Fault.IGNORES_CASE_IN_IDS ? executionId.toLowerCase(Locale.ROOT) : executionId;
    }

    private static FlowScriptException failed(String why) {
        return new FlowScriptException("store_failed", why);
    }

    // Reading.

    @Override
    public List<StoredExecution> list(ExecutionQuery query) {
        synchronized (disk) {
            check(0);
            return disk.executions.values().stream()
                    .filter(kept -> matches(query, kept))
                    .sorted(order(query))
                    .limit(fault == Fault.READS_BEYOND_THE_LIMIT ? query.limit() + 1L : query.limit())
                    .map(kept -> read(kept, 0))
                    .toList();
        }
    }

    private boolean matches(ExecutionQuery query, Kept kept) {
        ExecutionSnapshot snapshot = kept.snapshot;
        if (query instanceof ExecutionQuery.Newest newest) {
            boolean isBefore = fault == Fault.READS_A_PAGE_ONLY
                    ? newest.before() == Long.MAX_VALUE
                    : kept.number < newest.before();
            return isBefore
                    && (newest.workflowId() == null
                            || fault == Fault.IGNORES_THE_WORKFLOW
                            || newest.workflowId().equals(snapshot.workflowId()))
                    && (newest.status() == null
                            || fault == Fault.IGNORES_THE_STATUS
                            || newest.status() == snapshot.status());
        }
        if (query instanceof ExecutionQuery.Due due) {
            Instant at = snapshot.dueAt();
            if (at == null || at.isAfter(due.upTo())) {
                return at != null && fault == Fault.LISTS_WHAT_IS_DUE_LATER;
            }
            int later = at.compareTo(due.after());
            return later > 0 || (later == 0 && fault != Fault.SKIPS_EQUAL_TIMES && kept.number > due.afterNumber());
        }
        ExecutionQuery.Ended ended = (ExecutionQuery.Ended) query;
        return snapshot.status().isEnded() && !snapshot.lastEventAt().isAfter(ended.upTo());
    }

    private Comparator<Kept> order(ExecutionQuery query) {
        Comparator<Kept> byNumber = Comparator.comparingLong(kept -> kept.number);
        if (query instanceof ExecutionQuery.Newest) {
            return switch (fault) {
                case READS_IN_THE_ORDER_OF_IDS -> Comparator.comparing(kept -> kept.snapshot.executionId());
                case READS_IN_THE_ORDER_OF_THE_LAST_COMMIT ->
                    Comparator.comparing((Kept kept) -> kept.snapshot.steps()).thenComparing(byNumber.reversed());
                case READS_THE_OLDEST_FIRST -> byNumber;
                default -> byNumber.reversed();
            };
        }
        if (query instanceof ExecutionQuery.Due) {
            return fault == Fault.LISTS_WHAT_IS_DUE_IN_THE_ORDER_OF_START
                    ? byNumber
                    : Comparator.comparing((Kept kept) -> kept.snapshot.dueAt()).thenComparing(byNumber);
        }
        return fault == Fault.LISTS_WHAT_HAS_ENDED_IN_THE_ORDER_OF_START
                ? byNumber
                : Comparator.comparing((Kept kept) -> kept.snapshot.lastEventAt())
                        .thenComparing(byNumber);
    }

    @Override
    public InteractionPage interactions(
            InteractionQuery query, InteractionOrder order, @Nullable InteractionPlace after, int limit) {
        checkPositive(limit);
        synchronized (disk) {
            check(0);
            InteractionPlace from = fault == Fault.REPEATS_THE_FIRST_PAGE_OF_INTERACTIONS ? null : after;
            InteractionOrder by = fault == Fault.READS_INTERACTIONS_BY_AGE_ALONE ? InteractionOrder.OLDEST : order;
            InteractionPage page = changed(query).page(allInteractions(), by, from, limit);
            return fault == Fault.REPEATS_THE_FIRST_PAGE_OF_INTERACTIONS && after != null
                    ? new InteractionPage(page.interactions(), null)
                    : page;
        }
    }

    @Override
    public long countInteractions(InteractionQuery query, long most) {
        checkPositive(most);
        synchronized (disk) {
            check(0);
            long limit = fault == Fault.COUNTS_ON_AND_ON ? Long.MAX_VALUE : most;
            return allInteractions()
                    .filter(changed(query)::matches)
                    .limit(limit)
                    .count();
        }
    }

    @Override
    public List<ExecutionCount> count(int most) {
        checkPositive(most);
        synchronized (disk) {
            check(0);
            List<ExecutionCount> counts = ExecutionCount.of(disk.executions.values().stream()
                    .limit(fault == Fault.COUNTS_ON_AND_ON ? Long.MAX_VALUE : most)
                    .map(kept -> kept.snapshot));
            return fault == Fault.COUNTS_ENDED_EXECUTIONS_AS_RUNNING
                    ? counts.stream()
                            .map(each -> new ExecutionCount(each.workflowId(), ExecutionStatus.RUNNING, each.count()))
                            .toList()
                    : counts;
        }
    }

    private InteractionQuery changed(InteractionQuery query) {
        return fault == Fault.IGNORES_WHO_IS_EXCLUDED && query.meantFor() != null
                ? new InteractionQuery(
                        query.statuses(),
                        query.workflowId(),
                        query.executionId(),
                        query.assignee(),
                        query.group(),
                        Identity.of(
                                query.meantFor().name() + "?",
                                query.meantFor().groups().toArray(String[]::new)),
                        query.claimedBy(),
                        query.requestedAfter(),
                        query.requestedBefore(),
                        query.deadlineBefore(),
                        query.unseen())
                : query;
    }

    private Stream<Interaction> allInteractions() {
        Stream<ExecutionSnapshot> snapshots = disk.executions.values().stream().map(kept -> kept.snapshot);
        if (fault == Fault.KEEPS_INTERACTIONS_OF_THE_REMOVED) {
            snapshots = Stream.concat(snapshots, disk.removedSnapshots.stream());
        }
        if (fault == Fault.FORGETS_INTERACTIONS_AT_THE_END) {
            snapshots = snapshots.filter(snapshot -> !snapshot.status().isEnded());
        }
        return snapshots.flatMap(snapshot -> Stream.concat(snapshot.open().stream(), snapshot.closed().stream()));
    }

    private void checkPositive(long value) {
        if (value < 1 && fault != Fault.READS_NOTHING_FOR_A_LIMIT_OF_ZERO) {
            throw new IllegalArgumentException("not positive");
        }
    }

    @Override
    public StoreUsage usage() {
        synchronized (disk) {
            check(0);
            long ended = 0;
            long bytes = 0;
            for (Kept kept : disk.executions.values()) {
                if (kept.snapshot.status().isEnded() || fault == Fault.COUNTS_WHAT_HAS_NOT_ENDED) {
                    ended++;
                    bytes += fault == Fault.WEIGHS_NO_STATE ? 0 : Json.weight(kept.snapshot.state());
                    bytes += fault == Fault.WEIGHS_NO_EVENTS ? 100 : 100L * kept.events.size();
                }
            }
            return new StoreUsage(ended, bytes);
        }
    }

    @Override
    public Optional<StoredExecution> find(String executionId, int maxEvents) {
        synchronized (disk) {
            check(maxEvents);
            disk.reads++;
            disk.notifyAll();
            return Optional.ofNullable(disk.executions.get(key(executionId))).map(kept -> read(kept, maxEvents));
        }
    }

    @Override
    public Optional<WorkflowDefinition> definition(String hash) {
        synchronized (disk) {
            check(0);
            return fault == Fault.FORGETS_DEFINITIONS
                    ? Optional.empty()
                    : Optional.ofNullable(disk.definitions.get(hash));
        }
    }

    @Override
    public List<RecordedEvent> events(String executionId, long after, int max) {
        if (after < 0 || max < 1) {
            throw new IllegalArgumentException("out of range");
        }
        long from = fault == Fault.READS_FROM_ONE_EVENT_BEFORE
                ? after - 1
                : fault == Fault.BEGINS_EACH_PART_AT_THE_FIRST_EVENT && after > 0 ? 0 : after;
        synchronized (disk) {
            check(0);
            Kept kept = disk.executions.get(key(executionId));
            return kept == null
                    ? List.of()
                    : kept.events.stream()
                            .filter(event -> event.seq() > from)
                            .filter(event -> fault != Fault.LEAVES_OUT_AN_EVENT_OF_A_PART || event.seq() != after + 2)
                            .limit(max)
                            .toList();
        }
    }

    private void check(int maxEvents) {
        if (maxEvents < 0 && fault != Fault.READS_NOTHING_FOR_A_NEGATIVE_MAXIMUM) {
            throw new IllegalArgumentException("negative");
        }
        if (closing.getCount() == 0 && fault != Fault.READS_AFTER_CLOSE) {
            throw new FlowScriptException("store_closed", "closed");
        }
    }

    private StoredExecution read(Kept kept, int maxEvents) {
        int count = Math.min(Math.max(0, maxEvents), kept.events.size());
        int from = fault == Fault.READS_THE_OLDEST_EVENTS ? 0 : kept.events.size() - count;
        WorkflowDefinition definition =
                fault == Fault.COPIES_DEFINITIONS ? WorkflowDefinition.of(kept.definition.document()) : kept.definition;
        long last = fault == Fault.FORGETS_THE_LAST_NUMBER ? kept.snapshot.seq() : kept.lastSeq();
        return new StoredExecution(
                kept.snapshot, kept.number, definition, last, kept.events.subList(from, from + count));
    }

    // Closing.

    @Override
    public void close() {
        synchronized (this) {
            closed = true;
        }
        closing.countDown();
        end(writer);
        end(completions);
    }

    private static void end(ExecutorService executor) {
        executor.shutdown();
        try {
            if (!executor.awaitTermination(60, TimeUnit.SECONDS)) {
                throw new IllegalStateException("a thread of the store does not end");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
