package io.flowscript.events.inbox;

import static io.flowscript.events.inbox.Asking.forPeople;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flowscript.core.Identity;
import io.flowscript.core.interaction.Interaction;
import io.flowscript.core.runtime.Question;
import io.flowscript.engine.Subscription;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class InboxLiveTest {

    private static final InboxQuery OPEN = InboxQuery.OPEN;

    private final Asking asking = new Asking();
    private final Inbox inbox = Inbox.of(asking.flows);
    private final List<String> told = new ArrayList<>();

    @AfterEach
    void close() {
        inbox.close();
        asking.close();
    }

    @Test
    void itIsToldWhatEntersChangesAndLeaves() {
        inbox.subscribe(OPEN.meantFor(Identity.of("ann")), this::note);
        Interaction hers = asking.ask("a", forPeople("ann"));
        asking.ask("b", forPeople("bob"));
        assertThat(told).containsExactly("entered a OPEN");
        asking.flows.interactions().claim(hers.token(), Identity.of("ann"), Duration.ofHours(1));
        asking.executor.runAll();
        asking.answer(hers.token(), "ann");
        assertThat(told).containsExactly("entered a OPEN", "changed a CLAIMED", "left a");
    }

    @Test
    void whatGoesToOthersLeavesOneAndEntersTheOther() {
        Question question = forPeople("ann").escalate(Duration.ofHours(1), Asking.group("bosses"));
        asking.ask("a", question);
        inbox.subscribe(OPEN.assignee("ann"), this::note);
        inbox.subscribe(OPEN.group("bosses"), this::note);
        asking.clock.advance(Duration.ofHours(2));
        asking.executor.runAll();
        assertThat(told).containsExactlyInAnyOrder("left a", "entered a OPEN");
    }

    @Test
    void whatCameAndWentUnseenIsNotSpokenOf() {
        inbox.subscribe(OPEN, this::note);
        InboxChanges slow = inbox.follow(OPEN, interaction -> true, () -> {});
        Interaction asked = asking.ask("a", Question.open());
        asking.flows.interactions().claim(asked.token(), Identity.of("ann"), Duration.ofHours(1));
        asking.executor.runAll();
        asking.answer(asked.token(), "ann");
        assertThat(slow.poll()).isNull();

        Interaction second = asking.ask("b", Question.open());
        asking.flows.interactions().claim(second.token(), Identity.of("ann"), Duration.ofHours(1));
        asking.executor.runAll();
        assertThat(slow.poll())
                .isInstanceOfSatisfying(
                        InboxChange.Entered.class,
                        entered -> assertThat(entered.interaction().claim()).isNotNull());
        assertThat(slow.poll()).isNull();
        asking.answer(second.token(), "ann");
        assertThat(slow.poll()).isEqualTo(new InboxChange.Left(second.token()));
    }

    @Test
    void ofSeveralChangesBeforeAnybodyLooksTheFirstSaysWhatWasToldAndTheLastWhatIs() {
        Interaction asked = asking.ask("a", Question.open());
        inbox.subscribe(OPEN.statuses(Interaction.Status.OPEN), this::note);
        asking.flows.interactions().claim(asked.token(), Identity.of("ann"), Duration.ofHours(1));
        asking.answer(asked.token(), "ann");
        assertThat(told).containsExactly("left a");
    }

    @Test
    void whoFallsTooFarBehindIsToldToListAnew() {
        try (Inbox small = Inbox.of(asking.flows, InboxLimits.DEFAULTS.maxChanges(3))) {
            InboxChanges slow = small.follow(OPEN, interaction -> true, () -> {});
            for (int i = 0; i < 4; i++) {
                asking.ask("e" + i, Question.open());
            }
            assertThat(slow.poll()).isEqualTo(new InboxChange.Missed());
            assertThat(slow.poll()).isNull();
            asking.ask("late", Question.open());
            assertThat(slow.poll()).isInstanceOf(InboxChange.Entered.class);
        }
    }

    @Test
    void whoIsToldOfNothingWhileTheExecutorIsBusyIsToldToListAnew() {
        try (Inbox small = Inbox.of(asking.flows, InboxLimits.DEFAULTS.maxChanges(3))) {
            List<Interaction> asked = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                asked.add(asking.ask("e" + i, Question.open()));
            }
            InboxChanges slow = small.follow(OPEN, interaction -> true, () -> {});
            asked.forEach(
                    one -> asking.flows.interactions().claim(one.token(), Identity.of("ann"), Duration.ofHours(1)));
            asking.executor.runAll();
            assertThat(slow.poll()).isEqualTo(new InboxChange.Missed());
        }
    }

    @Test
    void aThrowingListenerHurtsNobody() {
        inbox.subscribe(OPEN, change -> {
            throw new IllegalStateException("broken");
        });
        inbox.follow(
                OPEN,
                interaction -> {
                    throw new IllegalStateException("blind");
                },
                () -> {
                    throw new IllegalStateException("sleepy");
                });
        inbox.subscribe(OPEN, this::note);
        asking.ask("a", Question.open());
        asking.ask("b", Question.open());
        assertThat(told).containsExactly("entered a OPEN", "entered b OPEN");
    }

    @Test
    void whoHasEndedItIsToldNothing() {
        Subscription subscription = inbox.subscribe(OPEN, this::note);
        InboxChanges changes = inbox.follow(OPEN, interaction -> true, () -> {});
        subscription.close();
        changes.close();
        asking.ask("a", Question.open());
        assertThat(told).isEmpty();
        assertThat(changes.poll()).isNull();
    }

    @Test
    void itTakesSoManySubscriptions() {
        try (Inbox small = Inbox.of(asking.flows, InboxLimits.DEFAULTS.maxSubscriptions(1))) {
            Subscription one = small.subscribe(OPEN, this::note);
            assertThatThrownBy(() -> small.subscribe(OPEN, this::note))
                    .extracting("code")
                    .isEqualTo("too_many_subscriptions");
            one.close();
            one.close();
            small.subscribe(OPEN, this::note);
        }
    }

    private void note(InboxChange change) {
        if (change instanceof InboxChange.Entered entered) {
            told.add("entered " + name(entered.interaction()));
        } else if (change instanceof InboxChange.Changed changed) {
            told.add("changed " + name(changed.interaction()));
        } else if (change instanceof InboxChange.Left left) {
            told.add("left " + left.token().executionId());
        } else {
            told.add("missed");
        }
    }

    private static String name(Interaction interaction) {
        return interaction.token().executionId() + " " + interaction.status();
    }
}
