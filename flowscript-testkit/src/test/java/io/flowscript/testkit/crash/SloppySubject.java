package io.flowscript.testkit.crash;

import io.flowscript.core.event.Event;
import io.flowscript.core.event.HumanEvent;
import io.flowscript.core.event.NodeEvent;
import io.flowscript.core.event.RecordedEvent;
import io.flowscript.core.event.WorkflowEvent;
import io.flowscript.core.interaction.Interaction;
import io.flowscript.core.interaction.InteractionOrder;
import io.flowscript.core.interaction.InteractionPage;
import io.flowscript.core.interaction.InteractionPlace;
import io.flowscript.core.interaction.InteractionQuery;
import io.flowscript.core.snapshot.ExecutionSnapshot;
import io.flowscript.core.snapshot.ExecutionSnapshot.Phase;
import io.flowscript.core.snapshot.ExecutionSnapshot.Visit;
import io.flowscript.core.store.Commit;
import io.flowscript.core.store.ExecutionCount;
import io.flowscript.core.store.ExecutionQuery;
import io.flowscript.core.store.ExecutionStore;
import io.flowscript.core.store.StoreUsage;
import io.flowscript.core.store.StoredExecution;
import io.flowscript.core.workflow.WorkflowDefinition;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A place in memory where each kill does the same damage. It checks nothing of what it is given. */
final class SloppySubject implements CrashSubject {

    private final StoreFault fault;
    private final Map<String, List<Commit>> executions = new LinkedHashMap<>();

    SloppySubject(StoreFault fault) {
        this.fault = fault;
    }

    @Override
    public ExecutionStore open() {
        return new Store();
    }

    @Override
    public void kill(ExecutionStore store) {
        if (fault == StoreFault.FORGETS_AN_EXECUTION) {
            List<String> ids = List.copyOf(executions.keySet());
            if (!ids.isEmpty()) {
                executions.remove(ids.get(ids.size() - 1));
            }
        }
        executions.values().forEach(this::damage);
    }

    private void damage(List<Commit> commits) {
        int last = commits.size() - 1;
        Commit end = commits.get(last);
        switch (fault) {
            case BEGINS_A_NEW_EPOCH ->
                eachSnapshot(
                        commits, at -> at.toBuilder().epoch(at.epoch() + "+").build());
            case FORGETS_CLOSED_QUESTIONS ->
                eachSnapshot(commits, at -> at.toBuilder().closed(List.of()).build());
            case FORGETS_A_VALUE -> eachSnapshot(commits, SloppySubject::withoutTrail);
            case FORGETS_THE_ATTEMPT -> eachSnapshot(commits, at -> withVisit(at, visit -> visit.attempt(1)));
            case ASKS_AGAIN -> eachSnapshot(commits, SloppySubject::unasked);
            case FORGETS_VOTES ->
                eachSnapshot(
                        commits,
                        at -> withOpen(
                                at, open -> open.toBuilder().replies(List.of()).build()));
            case FORGETS_A_REMINDER -> eachSnapshot(commits, at -> withOpen(at, SloppySubject::withoutReminder));
            case CHANGES_AN_EVENT -> commits.set(last, with(end, end.snapshot(), events(end, SloppySubject::changed)));
            default -> {
                if (last > 0) {
                    damageEnd(commits, last, end);
                }
            }
        }
    }

    private void damageEnd(List<Commit> commits, int last, Commit end) {
        switch (fault) {
            case LOSES_THE_LAST_COMMIT -> commits.remove(last);
            case LOSES_THE_LAST_COMMIT_BUT_ITS_SNAPSHOT -> commits.set(last, with(end, end.snapshot(), List.of()));
            case LOSES_THE_LAST_COMMIT_BUT_ITS_EVENTS -> commits.set(last, with(end, null, end.events()));
            case LOSES_A_COMMIT_IN_THE_MIDDLE -> commits.remove(1 + last / 2);
            case WRITES_THE_LAST_COMMIT_TWICE -> commits.add(end);
            case SWAPS_THE_LAST_TWO_COMMITS -> Collections.swap(commits, last, Math.max(1, last - 1));
            case LOSES_AN_ANSWER -> loseIf(HumanEvent.InputReceived.class, commits, end);
            case LOSES_THE_CANCELLATION -> loseIf(WorkflowEvent.Cancelled.class, commits, end);
            default -> {}
        }
    }

    private static void loseIf(Class<? extends Event> type, List<Commit> commits, Commit end) {
        if (end.events().stream().map(RecordedEvent::event).anyMatch(type::isInstance)) {
            commits.remove(end);
        }
    }

    private static Commit with(Commit commit, @Nullable ExecutionSnapshot snapshot, List<RecordedEvent> events) {
        return new Commit(commit.executionId(), events, snapshot, null, commit.definition(), commit.number());
    }

    private static void eachSnapshot(List<Commit> commits, UnaryOperator<ExecutionSnapshot> change) {
        commits.replaceAll(commit ->
                commit.snapshot() == null ? commit : with(commit, change.apply(commit.snapshot()), commit.events()));
    }

    private static ExecutionSnapshot withVisit(ExecutionSnapshot at, UnaryOperator<Visit.Builder> change) {
        return at.visit() == null
                ? at
                : at.toBuilder()
                        .visit(change.apply(at.visit().toBuilder()).build())
                        .build();
    }

    private static ExecutionSnapshot withOpen(ExecutionSnapshot at, UnaryOperator<Interaction> change) {
        return at.toBuilder().open(at.open().stream().map(change).toList()).build();
    }

    private static ExecutionSnapshot withoutTrail(ExecutionSnapshot at) {
        Map<String, Object> state = new LinkedHashMap<>(at.state());
        state.remove("trail");
        return at.toBuilder().state(state).build();
    }

    private static ExecutionSnapshot unasked(ExecutionSnapshot at) {
        return at.visit() == null || at.visit().phase() != Phase.ASKING
                ? at
                : withVisit(at, visit -> visit.phase(Phase.WORKING)).toBuilder()
                        .open(List.of())
                        .build();
    }

    private static Interaction withoutReminder(Interaction open) {
        int due = open.schedule().size();
        return due < 2
                ? open
                : open.toBuilder().schedule(open.schedule().subList(1, due)).build();
    }

    private static List<RecordedEvent> events(Commit commit, UnaryOperator<RecordedEvent> change) {
        return commit.events().stream().map(change).toList();
    }

    private static RecordedEvent changed(RecordedEvent recorded) {
        return recorded.event() instanceof NodeEvent.Executing begun
                ? new RecordedEvent(
                        recorded.executionId(),
                        recorded.workflowId(),
                        recorded.epoch(),
                        recorded.seq(),
                        recorded.time(),
                        new NodeEvent.Executing(begun.nodeId(), begun.nodeName(), begun.nodeType(), 77, begun.step()))
                : recorded;
    }

    private final class Store implements ExecutionStore {

        @Override
        public CompletionStage<@Nullable Void> commit(Commit commit) {
            executions
                    .computeIfAbsent(commit.executionId(), none -> new ArrayList<>())
                    .add(commit);
            return CompletableFuture.completedFuture(null);
        }

        private StoredExecution read(List<Commit> commits, int maxEvents) {
            List<RecordedEvent> events =
                    commits.stream().flatMap(commit -> commit.events().stream()).toList();
            ExecutionSnapshot snapshot = commits.stream()
                    .map(Commit::snapshot)
                    .filter(Objects::nonNull)
                    .reduce((one, later) -> later)
                    .orElseThrow();
            long last = events.isEmpty() ? 0 : events.get(events.size() - 1).seq();
            return new StoredExecution(
                    snapshot,
                    commits.get(0).number(),
                    commits.get(0).definition(),
                    last,
                    events.subList(Math.max(0, events.size() - maxEvents), events.size()));
        }

        @Override
        public List<StoredExecution> list(ExecutionQuery query) {
            return executions.values().stream()
                    .map(commits -> read(commits, 0))
                    .filter(query::matches)
                    .sorted(query.order())
                    .limit(query.limit())
                    .toList();
        }

        @Override
        public InteractionPage interactions(
                InteractionQuery query, InteractionOrder order, @Nullable InteractionPlace after, int limit) {
            return query.page(allInteractions(), order, after, limit);
        }

        @Override
        public List<ExecutionCount> count(int most) {
            return ExecutionCount.of(executions.values().stream()
                    .limit(most)
                    .map(commits -> read(commits, 0).snapshot()));
        }

        @Override
        public long countInteractions(InteractionQuery query, long most) {
            return allInteractions().filter(query::matches).limit(most).count();
        }

        private Stream<Interaction> allInteractions() {
            return executions.values().stream()
                    .map(commits -> read(commits, 0).snapshot())
                    .flatMap(snapshot -> Stream.concat(snapshot.open().stream(), snapshot.closed().stream()));
        }

        @Override
        public StoreUsage usage() {
            return new StoreUsage(0, 0);
        }

        @Override
        public Optional<StoredExecution> find(String executionId, int maxEvents) {
            return Optional.ofNullable(executions.get(executionId)).map(commits -> read(commits, maxEvents));
        }

        @Override
        public Optional<WorkflowDefinition> definition(String hash) {
            return Optional.empty();
        }

        @Override
        public List<RecordedEvent> events(String executionId, long after, int max) {
            return find(executionId, Integer.MAX_VALUE).stream()
                    .flatMap(execution -> execution.events().stream())
                    .filter(event -> event.seq() > after)
                    .limit(max)
                    .toList();
        }

        @Override
        public CompletionStage<@Nullable Void> remove(String executionId) {
            executions.remove(executionId);
            return CompletableFuture.completedFuture(null);
        }

        @Override
        public void close() {}
    }
}
