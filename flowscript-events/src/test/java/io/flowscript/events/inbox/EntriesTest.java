package io.flowscript.events.inbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.flowscript.core.Identity;
import io.flowscript.core.interaction.Interaction;
import io.flowscript.core.interaction.Interaction.Status;
import io.flowscript.core.runtime.Question;
import io.flowscript.core.snapshot.ExecutionSnapshot;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The interleavings that the inbox is made for, one by one. */
final class EntriesTest {

    private static final InboxQuery ALL = InboxQuery.OPEN.statuses(Status.values());

    private final Entries entries = new Entries();
    private final Search search = new Search(entries, null, InboxLimits.DEFAULTS);

    @Test
    void whoLookedEarlierDoesNotOverwriteWhoLookedLater() throws InterruptedException {
        try (Asking asking = new Asking()) {
            Interaction asked = asking.ask("a", Question.open());
            ExecutionSnapshot before = snapshot(asking, "a");
            asking.answer(asked.token(), "bob");
            ExecutionSnapshot after = snapshot(asking, "a");

            AtomicReference<Thread> later = new AtomicReference<>();
            Thread earlier = new Thread(() -> update("a", () -> {
                // It has looked; somebody looks later, and is done with it if nothing holds it up.
                Thread other = new Thread(() -> update("a", () -> after));
                later.set(other);
                other.start();
                await().until(() -> !other.isAlive() || other.getState() == Thread.State.BLOCKED);
                return before;
            }));
            earlier.start();
            earlier.join();
            later.get().join();

            assertThat(statuses()).containsExactly(Status.ANSWERED);
        }
    }

    @Test
    void whatIsClosedWhileSomebodyLooksIsFoundOnce() {
        try (Asking asking = new Asking()) {
            // Two before the one that is closed: who reads a list has the next one in hand already.
            Interaction last = null;
            for (String id : List.of("a", "b", "c")) {
                last = asking.ask(id, Question.open());
                update(id, () -> snapshot(asking, id));
                asking.clock.advance(Duration.ofSeconds(1));
            }
            asking.answer(last.token(), "bob");

            List<String> found = new ArrayList<>();
            search.page(
                            ALL,
                            seen -> {
                                update("c", () -> snapshot(asking, "c"));
                                return true;
                            },
                            null,
                            10)
                    .interactions()
                    .forEach(interaction -> found.add(interaction.token().executionId() + " " + interaction.status()));
            assertThat(found).containsExactly("a OPEN", "b OPEN", "c ANSWERED");
        }
    }

    @Test
    @DisplayName(
            "whoever decides what is visible is asked with no lock held, also when the query is overtaken again and again")
    void aPolicyIsAskedWithNoLockHeld() {
        try (Asking asking = new Asking()) {
            asking.ask("a", Asking.forPeople("ann"));
            update("a", () -> snapshot(asking, "a"));
            asking.ask("b", Asking.forPeople("bob").escalate(Duration.ofHours(1), Asking.group("bosses")));
            ExecutionSnapshot before = snapshot(asking, "b");
            update("b", () -> before);
            asking.clock.advance(Duration.ofHours(1));
            asking.executor.runAll();
            ExecutionSnapshot after = snapshot(asking, "b");
            assertThat(after.open().get(0).assignment())
                    .isNotEqualTo(before.open().get(0).assignment());

            AtomicInteger times = new AtomicInteger();
            List<Interaction> found = search.page(
                            InboxQuery.OPEN.meantFor(Identity.of("ann")),
                            seen -> {
                                ExecutionSnapshot next = times.getAndIncrement() % 2 == 0 ? after : before;
                                CompletableFuture<Void> moved =
                                        CompletableFuture.runAsync(() -> update("b", () -> next));
                                assertThat(moved).succeedsWithin(Duration.ofSeconds(10));
                                return true;
                            },
                            null,
                            10)
                    .interactions();
            assertThat(found).hasSize(1);
            assertThat(times).hasValueGreaterThan(3);
        }
    }

    @Test
    @DisplayName("whoever is told of an interaction finds it, also while the update that told of it still runs")
    void whatIsReportedIsFound() throws Exception {
        try (Asking asking = new Asking()) {
            Interaction asked = asking.ask("a", Question.open());
            AtomicReference<Interaction> found = new AtomicReference<>();
            Thread told = new Thread(() -> found.set(entries.findAfterUpdate(asked.token())));
            entries.update("a", () -> snapshot(asking, "a"), (was, now) -> {
                told.start();
                await().until(() -> !told.isAlive() || told.getState() == Thread.State.BLOCKED);
            });
            told.join();

            assertThat(found.get()).isEqualTo(asked);
        }
    }

    private static ExecutionSnapshot snapshot(Asking asking, String executionId) {
        return asking.flows.executions().find(executionId).orElseThrow().snapshot();
    }

    private void update(String executionId, Supplier<ExecutionSnapshot> read) {
        entries.update(executionId, read, (was, now) -> {});
    }

    private List<Status> statuses() {
        return search.page(ALL, interaction -> true, null, 10).interactions().stream()
                .map(Interaction::status)
                .toList();
    }
}
