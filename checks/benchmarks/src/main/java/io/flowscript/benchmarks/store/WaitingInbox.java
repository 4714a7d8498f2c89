package io.flowscript.benchmarks.store;

import io.flowscript.core.Assignment;
import io.flowscript.core.Identity;
import io.flowscript.core.event.RecordedEvent;
import io.flowscript.core.interaction.AnswerOptions;
import io.flowscript.core.interaction.Interaction;
import io.flowscript.core.interaction.Receipt;
import io.flowscript.core.runtime.Edge;
import io.flowscript.core.runtime.Node;
import io.flowscript.core.runtime.PauseToken;
import io.flowscript.core.runtime.Question;
import io.flowscript.core.snapshot.ExecutionSnapshot;
import io.flowscript.core.store.Commit;
import io.flowscript.core.store.ExecutionStore;
import io.flowscript.core.store.StoredExecution;
import io.flowscript.core.testing.MemoryStore;
import io.flowscript.core.workflow.WorkflowDefinition;
import io.flowscript.engine.EngineLimits;
import io.flowscript.engine.FlowScript;
import io.flowscript.events.inbox.Inbox;
import io.flowscript.events.inbox.InboxQuery;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** An inbox of many executions that wait in a store, and are not in memory. */
final class WaitingInbox {

    private static final int IN_FLIGHT = 2_048;
    private static final int TEAMS = 100;
    private static final int PAGE = 50;
    private static final int MEASURED = 100;
    private static final Instant BASE = Instant.parse("2026-01-01T00:00:00Z");

    private final String kind;
    private final int count;

    WaitingInbox(String kind, int count) {
        this.kind = kind;
        this.count = count;
    }

    void run() throws Exception {
        try (TestDatabase database = TestDatabase.of(kind)) {
            long begun = System.nanoTime();
            try (ExecutionStore store = database.store()) {
                fill(store);
            }
            System.out.printf(
                    Locale.ROOT,
                    "%s, %,d waiting executions, heap %d MB; stored in %.0f s%n",
                    kind,
                    count,
                    Runtime.getRuntime().maxMemory() >> 20,
                    since(begun) / 1_000);
            begun = System.nanoTime();
            try (FlowScript flows = flows(database.store());
                    Inbox inbox = Inbox.of(flows)) {
                double opened = since(begun);
                Interaction first =
                        inbox.list(InboxQuery.OPEN, null, PAGE).interactions().get(0);
                double listed = since(begun);
                Receipt receipt = flows.interactions().answer(first.token(), "yes", AnswerOptions.NONE);
                System.out.printf(
                        Locale.ROOT,
                        "  opened after %.0f ms, a page after %.0f ms, one %s after %.0f ms%n",
                        opened,
                        listed,
                        receipt.code(),
                        since(begun));
                measure(flows, inbox);
            }
        }
    }

    private void measure(FlowScript flows, Inbox inbox) {
        String middle = cursor(inbox, InboxQuery.OPEN, count / 2);
        Identity member = Identity.of("ann", "team-7", "team-8", "nobody");
        pages("first page, oldest", inbox, InboxQuery.OPEN, null);
        pages("middle page, oldest", inbox, InboxQuery.OPEN, middle);
        pages("first page, newest", inbox, InboxQuery.OPEN.sorted(InboxQuery.Order.NEWEST), null);
        pages("first page, by deadline", inbox, InboxQuery.OPEN.sorted(InboxQuery.Order.DEADLINE), null);
        pages("page of a group", inbox, InboxQuery.OPEN.group("team-7"), null);
        pages(
                "page meant for a person of three groups, by deadline",
                inbox,
                InboxQuery.OPEN.meantFor(member).sorted(InboxQuery.Order.DEADLINE),
                null);
        pages(
                "page of a workflow, unseen",
                inbox,
                InboxQuery.OPEN.workflow("ask").unseen(),
                null);
        pages("page of claimed ones", inbox, InboxQuery.OPEN.statuses(Interaction.Status.CLAIMED), null);
        pages(
                "page of a time in the middle",
                inbox,
                InboxQuery.OPEN.requestedAfter(BASE.plusMillis(count / 2)).requestedBefore(BASE.plusMillis(count)),
                null);
        timed("count of all", 10, () -> inbox.count(InboxQuery.OPEN));
        timed("count of a group", 10, () -> inbox.count(InboxQuery.OPEN.group("team-7")));
        timed("count meant for a person", 10, () -> inbox.count(InboxQuery.OPEN.meantFor(member)));
        List<Interaction> some = inbox.list(InboxQuery.OPEN, middle, MEASURED).interactions();
        List<Interaction> left = new ArrayList<>(some);
        timed(
                "answer in the middle",
                some.size(),
                () -> flows.interactions()
                        .answer(left.remove(0).token(), "yes", AnswerOptions.NONE)
                        .code());
        System.gc();
        long used = Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
        System.out.printf(Locale.ROOT, "  heap in use after a collection: %d MB%n", used >> 20);
    }

    private static String cursor(Inbox inbox, InboxQuery query, int skipped) {
        // A page of a later time gives a cursor of the whole order.
        Inbox.Page page = inbox.list(query.requestedAfter(BASE.plusMillis(skipped)), null, 1);
        return String.valueOf(page.next());
    }

    private static void pages(String what, Inbox inbox, InboxQuery query, @Nullable String cursor) {
        timed(
                what,
                MEASURED,
                () -> inbox.list(query, cursor, PAGE).interactions().size());
    }

    private static void timed(String what, int times, Supplier<Object> work) {
        List<Double> millis = new ArrayList<>();
        Object result = "";
        for (int i = 0; i < times; i++) {
            long begun = System.nanoTime();
            result = work.get();
            millis.add(since(begun));
        }
        double first = millis.get(0);
        Collections.sort(millis);
        System.out.printf(
                Locale.ROOT,
                "  %s: first %.1f ms, p50 %.1f ms, longest %.1f ms (%s)%n",
                what,
                first,
                millis.get(millis.size() / 2),
                millis.get(millis.size() - 1),
                result);
    }

    private void fill(ExecutionStore store) throws InterruptedException {
        StoredExecution template = template();
        Semaphore room = new Semaphore(IN_FLIGHT);
        for (int i = 0; i < count; i++) {
            room.acquire();
            store.commit(commit(template, i)).whenComplete((nothing, failure) -> {
                if (failure == null) {
                    room.release();
                }
            });
        }
        room.acquire(IN_FLIGHT);
    }

    private static Commit commit(StoredExecution template, int number) {
        String id = "execution-" + number;
        ExecutionSnapshot snapshot = template.snapshot();
        Interaction asked = snapshot.open().get(0);
        Instant at = BASE.plusMillis(number);
        Interaction open = asked.toBuilder()
                .token(new PauseToken(id, asked.token().nodeId(), "token-of-a-question-" + number))
                .requestedAt(at)
                .deadline(number % 2 == 0 ? null : at.plusSeconds(1_000_000_000L + number % 1_000))
                .assignment(new Assignment(List.of(), List.of("team-" + number % TEAMS)))
                .build();
        List<RecordedEvent> events = template.events().stream()
                .map(event -> new RecordedEvent(
                        id, event.workflowId(), event.epoch(), event.seq(), event.time(), event.event()))
                .toList();
        return new Commit(
                id,
                events,
                snapshot.toBuilder().executionId(id).open(List.of(open)).build(),
                null,
                template.definition(),
                number + 1L);
    }

    /** An execution that waits, as an engine stores it. */
    private static StoredExecution template() {
        MemoryStore store = new MemoryStore();
        try (FlowScript flows = flows(store)) {
            flows.start("ask", Map.of("order", "y".repeat(100)), "template", null);
            while (true) {
                StoredExecution found = store.find("template", 100).orElseThrow();
                if (!found.snapshot().open().isEmpty()) {
                    return found;
                }
                LockSupport.parkNanos(1_000_000);
            }
        }
    }

    private static FlowScript flows(ExecutionStore store) {
        return FlowScript.builder()
                .store(store)
                .limits(EngineLimits.defaults())
                .forms(schema -> answer -> List.of())
                .node(Node.named("ask")
                        .ask(context -> Question.form(Map.of("type", "string")))
                        .answered((context, answer) -> Edge.of("done")))
                .workflow(WorkflowDefinition.of(Map.of("id", "ask", "nodes", List.of("ask"))))
                .build();
    }

    private static double since(long begun) {
        return (System.nanoTime() - begun) / 1e6;
    }
}
