package io.flowscript.events.inbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.flowscript.core.Identity;
import io.flowscript.core.interaction.AnswerOptions;
import io.flowscript.core.interaction.Interaction;
import io.flowscript.core.interaction.Receipt;
import io.flowscript.core.runtime.Edge;
import io.flowscript.core.runtime.PauseToken;
import io.flowscript.core.runtime.Question;
import io.flowscript.core.testing.ManualClock;
import io.flowscript.core.testing.SharedMemoryStore;
import io.flowscript.core.workflow.WorkflowDefinition;
import io.flowscript.engine.Execution;
import io.flowscript.engine.FlowScript;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The inboxes of engines that share a store. */
class InboxOfSeveralEnginesTest {

    private static final Duration LEASE = Duration.ofSeconds(10);
    private static final Identity ANN = Identity.of("ann");

    private final ManualClock clock = new ManualClock();
    private final List<AutoCloseable> opened = new ArrayList<>();

    /** What each subscriber has by its changes alone. */
    private final Map<Queue<InboxChange>, Map<PauseToken, Interaction>> lists = new HashMap<>();

    private FlowScript engine(SharedMemoryStore store) {
        FlowScript engine = FlowScript.builder()
                .clock(clock)
                .store(store)
                .node(
                        "ask",
                        context -> context.answer() == null
                                ? Question.open().ask("?")
                                : Edge.of("ok", context.answer().data()))
                .workflow(WorkflowDefinition.of(Map.of("id", "w", "nodes", List.of("ask"))))
                .build();
        opened.add(engine);
        return engine;
    }

    private Inbox inbox(FlowScript engine) {
        Inbox inbox = Inbox.of(engine);
        opened.add(0, inbox);
        return inbox;
    }

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable each : opened) {
            each.close();
        }
    }

    private static Set<String> listed(Inbox inbox, InboxQuery query) {
        Set<String> ids = new TreeSet<>();
        for (Interaction each : inbox.list(query, null, 1_000).interactions()) {
            ids.add(each.token().executionId());
        }
        return ids;
    }

    /** A list that is kept by the changes alone. */
    private static void apply(Queue<InboxChange> changes, Map<PauseToken, Interaction> shown) {
        for (InboxChange change = changes.poll(); change != null; change = changes.poll()) {
            if (change instanceof InboxChange.Entered entered) {
                shown.put(entered.interaction().token(), entered.interaction());
            } else if (change instanceof InboxChange.Changed changed) {
                shown.put(changed.interaction().token(), changed.interaction());
            } else if (change instanceof InboxChange.Left left) {
                shown.remove(left.token());
            }
        }
    }

    @Test
    @DisplayName("each inbox lists what all engines ask, and its live changes tell of what happens in the others")
    void everywhere() {
        SharedMemoryStore store = SharedMemoryStore.create(clock, LEASE);
        List<FlowScript> engines = List.of(engine(store), engine(store.join()), engine(store.join()));
        Set<String> started = new TreeSet<>();
        for (int i = 0; i < 4; i++) {
            clock.advance(LEASE.dividedBy(3)); // the shards are shared out meanwhile
        }
        List<Inbox> inboxes = engines.stream().map(this::inbox).toList();
        List<Queue<InboxChange>> open = new ArrayList<>();
        List<Queue<InboxChange>> claimed = new ArrayList<>();
        for (Inbox inbox : inboxes) {
            Queue<InboxChange> all = new ConcurrentLinkedQueue<>();
            Queue<InboxChange> anns = new ConcurrentLinkedQueue<>();
            opened.add(0, inbox.subscribe(InboxQuery.OPEN, all::add));
            opened.add(0, inbox.subscribe(InboxQuery.OPEN.claimedBy("ann"), anns::add));
            open.add(all);
            claimed.add(anns);
        }
        for (int i = 0; i < 30; i++) {
            started.add(engines.get(i % 3).start("w", Map.of()).id());
        }
        for (int i = 0; i < 3; i++) {
            Inbox inbox = inboxes.get(i);
            await().untilAsserted(
                            () -> assertThat(listed(inbox, InboxQuery.OPEN)).isEqualTo(started));
            awaitShown(open.get(i), started);
        }

        List<String> all = List.copyOf(started);
        String id = all.get(0);
        for (FlowScript engine : engines) {
            PauseToken token = find(engine, id).interactions().get(0).token();
            engine.interactions().claim(token, ANN, Duration.ofMinutes(1));
            for (int i = 0; i < 3; i++) {
                awaitShown(claimed.get(i), Set.of(id));
                assertThat(listed(inboxes.get(i), InboxQuery.OPEN.claimedBy("ann")))
                        .containsExactly(id);
            }
            engine.interactions().release(token, ANN);
            for (int i = 0; i < 3; i++) {
                awaitShown(claimed.get(i), Set.of());
            }
        }
        for (int i = 0; i < 30; i++) {
            FlowScript engine = engines.get((i + 1) % 3);
            PauseToken token = find(engine, all.get(i)).interactions().get(0).token();
            assertThat(engine.interactions().answer(token, 1, AnswerOptions.by(ANN)))
                    .isInstanceOf(Receipt.Accepted.class);
        }
        for (int i = 0; i < 3; i++) {
            assertThat(listed(inboxes.get(i), InboxQuery.OPEN)).isEmpty();
            awaitShown(open.get(i), Set.of());
        }
    }

    private void awaitShown(Queue<InboxChange> changes, Set<String> executions) {
        Map<PauseToken, Interaction> shown = lists.computeIfAbsent(changes, queue -> new HashMap<>());
        await().untilAsserted(() -> {
            apply(changes, shown);
            Set<String> ids = new TreeSet<>();
            shown.keySet().forEach(token -> ids.add(token.executionId()));
            assertThat(ids).isEqualTo(executions);
        });
    }

    private static Execution find(FlowScript engine, String id) {
        return engine.executions().find(id).orElseThrow();
    }
}
