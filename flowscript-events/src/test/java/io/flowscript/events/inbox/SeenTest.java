package io.flowscript.events.inbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flowscript.core.FlowScriptException;
import io.flowscript.core.Identity;
import io.flowscript.core.event.EventType;
import io.flowscript.core.interaction.AnswerOptions;
import io.flowscript.core.interaction.Interaction;
import io.flowscript.core.log.Position;
import io.flowscript.core.runtime.Edge;
import io.flowscript.core.runtime.Node;
import io.flowscript.core.runtime.Question;
import io.flowscript.core.runtime.Quorum;
import io.flowscript.core.workflow.Workflow;
import io.flowscript.engine.EngineLimits;
import io.flowscript.engine.Execution;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Who has seen an interaction: whoever has acknowledged the event that asked it")
final class SeenTest {

    private static final InboxQuery OPEN = InboxQuery.OPEN;
    private static final Identity ANN = Identity.of("ann");
    private static final Identity BOB = Identity.of("bob");

    private final Asking asking = new Asking(flows -> flows.node(Node.named("twice")
                    .edges("done")
                    .ask(context -> Question.open())
                    .answered((context, answer) ->
                            context.memo().isMissing() ? Question.open().ask("again") : Edge.of("done")))
            .workflow(Workflow.named("two questions").step("twice").build()));
    private final Inbox inbox = Inbox.of(asking.flows);

    @AfterEach
    void close() {
        inbox.close();
        asking.close();
    }

    @Test
    @DisplayName("The event that asked it counts, and not one before it")
    void theEventThatAskedItCounts() {
        Interaction asked = asking.ask("a", Question.open());
        assertThat(execution("a").events().read(Position.after(asked.seq() - 1), 1))
                .singleElement()
                .satisfies(event -> assertThat(event.type()).isEqualTo(EventType.HUMAN_INPUT_REQUIRED));

        inbox.acknowledge(ANN, "a", Position.after(asked.seq() - 1));
        assertThat(inbox.seenBy(asked.token())).isEmpty();
        assertThat(inbox.count(OPEN.unseen()).value()).isOne();

        inbox.acknowledge(ANN, "a", Position.after(asked.seq()));
        assertThat(inbox.seenBy(asked.token())).containsExactly("ann");
        assertThat(inbox.list(OPEN.unseen(), null, 10).interactions()).isEmpty();
        assertThat(inbox.count(OPEN.unseen()).value()).isZero();
        assertThat(inbox.count(OPEN).value()).isOne();
    }

    @Test
    @DisplayName("Less than before changes nothing, and the first one stands first")
    void itIsCumulative() {
        Interaction asked = asking.ask("a", Question.open());
        inbox.acknowledge(BOB, "a", Position.after(asked.seq()));
        inbox.acknowledge(ANN, "a", Position.after(asked.seq()));
        inbox.acknowledge(BOB, "a", Position.START);
        inbox.acknowledge(BOB, "a", Position.after(asked.seq()));

        assertThat(inbox.seenBy(asked.token())).containsExactly("bob", "ann");
    }

    @Test
    @DisplayName("More than there is does not count for what comes later")
    void itNeverCountsBeyondTheLatestEvent() {
        asking.flows.start("two questions", Map.of(), "a");
        asking.executor.runAll();
        Interaction first = execution("a").interactions().get(0);
        inbox.acknowledge(ANN, "a", Position.after(Long.MAX_VALUE));
        assertThat(inbox.seenBy(first.token())).containsExactly("ann");

        asking.answer(first.token(), "bob");
        Interaction second = execution("a").interactions().get(0);
        assertThat(second.token()).isNotEqualTo(first.token());
        assertThat(inbox.seenBy(second.token())).isEmpty();
        assertThat(inbox.count(OPEN.unseen()).value()).isOne();
        inbox.acknowledge(ANN, "a", Position.after(second.seq()));
        assertThat(inbox.seenBy(second.token())).containsExactly("ann");
    }

    @Test
    void anotherEpochCountsForNothing() {
        Interaction asked = asking.ask("a", Question.open());
        inbox.acknowledge(ANN, "a", Position.after("another", asked.seq()));
        assertThat(inbox.seenBy(asked.token())).isEmpty();

        inbox.acknowledge(ANN, "a", Position.after(execution("a").events().epoch(), asked.seq()));
        assertThat(inbox.seenBy(asked.token())).containsExactly("ann");
    }

    @Test
    void whatDoesNotExistIsNotSeen() {
        Interaction asked = asking.ask("a", Question.open());
        inbox.acknowledge(ANN, "b", Position.after(99));
        inbox.acknowledge(ANN, "a", Position.after(99), interaction -> false);

        assertThat(inbox.seenBy(asked.token())).isEmpty();
        inbox.close();
        assertThatThrownBy(() -> inbox.acknowledge(ANN, "a", Position.after(99)))
                .isInstanceOfSatisfying(
                        FlowScriptException.class, e -> assertThat(e.code()).isEqualTo("inbox_closed"));
    }

    @Test
    @DisplayName("I4: it is no event of the execution")
    void itTouchesNoExecution() {
        Interaction asked = asking.ask("a", Question.open());
        long latest = execution("a").events().latest();
        inbox.acknowledge(ANN, "a", Position.after(asked.seq()));
        asking.executor.runAll();

        assertThat(execution("a").events().latest()).isEqualTo(latest);
        assertThat(execution("a").interactions())
                .containsExactly(asked.toBuilder().seenBy(List.of("ann")).build());
    }

    @Test
    @DisplayName("Who sees the event before the inbox knows of the interaction has seen it all the same")
    void anAcknowledgementCanBeFasterThanTheInbox() {
        inbox.close();
        try (Asking fresh = new Asking()) {
            List<Inbox> opened = new ArrayList<>();
            // Told before the inbox is, since it was there first.
            fresh.flows
                    .executions()
                    .onInteraction(execution -> opened.forEach(open -> execution
                            .interactions()
                            .forEach(asked -> open.acknowledge(ANN, execution.id(), Position.after(asked.seq())))));
            try (Inbox open = Inbox.of(fresh.flows)) {
                opened.add(open);
                List<String> told = new ArrayList<>();
                open.subscribe(OPEN, change -> told.add(change.getClass().getSimpleName()));
                Interaction asked = fresh.ask("a", Question.open());

                assertThat(open.seenBy(asked.token())).containsExactly("ann");
                assertThat(open.count(OPEN.unseen()).value()).isZero();
                assertThat(told).containsExactly("Entered");
            }
        }
    }

    @Test
    @DisplayName("Who has taken it on or voted in it has seen it, also after they have given it back")
    void whoeverTakesItOnHasSeenIt() {
        Interaction asked =
                asking.ask("a", Question.open().decidedBy(new Quorum("decision", Map.of("yes", 2, "no", 2))));
        asking.flows.interactions().claim(asked.token(), ANN, Duration.ofHours(1));
        asking.flows.interactions().release(asked.token(), ANN);
        assertThat(inbox.seenBy(asked.token())).containsExactly("ann");

        asking.flows.interactions().answer(asked.token(), Map.of("decision", "yes"), AnswerOptions.by(BOB));
        asking.executor.runAll();
        assertThat(inbox.seenBy(asked.token())).containsExactly("ann", "bob");
    }

    @Test
    @DisplayName("I5: so many names are noted, the first ones; and none of what is closed")
    void namesAreBounded() {
        try (Asking two =
                        new Asking(flows -> flows.limits(EngineLimits.defaults().maxSeenBy(2)));
                Inbox small = Inbox.of(two.flows)) {
            Interaction asked = two.ask("a", Question.open());
            for (String name : List.of("ann", "bob", "cy", "ann")) {
                small.acknowledge(Identity.of(name), "a", Position.after(asked.seq()));
            }
            assertThat(small.seenBy(asked.token())).containsExactly("ann", "bob");

            two.answer(asked.token(), "cy");
            assertThat(small.seenBy(asked.token())).isEmpty();
            small.acknowledge(ANN, "a", Position.after(99));
            assertThat(small.seenBy(asked.token())).isEmpty();
            assertThat(small.count(OPEN.statuses(Interaction.Status.ANSWERED).unseen())
                            .value())
                    .as("what is closed waits for nobody to see it")
                    .isZero();
        }
        assertThatThrownBy(() -> EngineLimits.defaults().maxSeenBy(0)).isInstanceOf(FlowScriptException.class);
    }

    @Test
    void whoFollowsIsTold() {
        List<String> all = new ArrayList<>();
        List<String> unseen = new ArrayList<>();
        inbox.subscribe(OPEN, change -> all.add(change.getClass().getSimpleName()));
        inbox.subscribe(OPEN.unseen(), change -> unseen.add(change.getClass().getSimpleName()));
        Interaction asked = asking.ask("a", Question.open());
        inbox.acknowledge(ANN, "a", Position.after(asked.seq()));
        asking.executor.runAll();
        inbox.acknowledge(ANN, "a", Position.after(asked.seq()));
        asking.executor.runAll();
        inbox.acknowledge(BOB, "a", Position.after(asked.seq()));
        asking.executor.runAll();
        asking.answer(asked.token(), "ann");

        assertThat(all).containsExactly("Entered", "Changed", "Changed", "Left");
        assertThat(unseen).containsExactly("Entered", "Left");
    }

    @Test
    @DisplayName("What is revised, escalated or taken on by others has been seen by those who saw it")
    void changesKeepWhoHasSeenIt() {
        Interaction asked =
                asking.ask("a", Asking.forPeople("ann").escalate(Duration.ofHours(1), Asking.group("bosses")));
        inbox.acknowledge(ANN, "a", Position.after(asked.seq()));
        asking.flows.interactions().revise(asked.token(), Map.of("amount", 2), null);
        asking.clock.advance(Duration.ofHours(1));
        asking.executor.runAll();

        assertThat(inbox.list(OPEN.group("bosses"), null, 1).interactions()).hasSize(1);
        assertThat(inbox.seenBy(asked.token())).containsExactly("ann");
    }

    private Execution execution(String id) {
        return asking.flows.executions().find(id).orElseThrow();
    }
}
