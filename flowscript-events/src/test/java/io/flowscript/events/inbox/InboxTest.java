package io.flowscript.events.inbox;

import static io.flowscript.events.inbox.Asking.forGroups;
import static io.flowscript.events.inbox.Asking.forPeople;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flowscript.core.FlowScriptException;
import io.flowscript.core.Identity;
import io.flowscript.core.interaction.Interaction;
import io.flowscript.core.interaction.Interaction.Status;
import io.flowscript.core.runtime.Question;
import io.flowscript.events.inbox.Inbox.Page;
import io.flowscript.events.inbox.InboxQuery.Order;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class InboxTest {

    private static final InboxQuery OPEN = InboxQuery.OPEN;

    private final Asking asking = new Asking();
    private final Inbox inbox = Inbox.of(asking.flows);

    @AfterEach
    void close() {
        inbox.close();
        asking.close();
    }

    @Test
    void whatIsAskedIsThereAndWhatIsAnsweredIsNot() {
        Interaction asked = asking.ask("a", Question.open());
        assertThat(ids(OPEN)).containsExactly("a");
        assertThat(inbox.count(OPEN)).isEqualTo(new Inbox.Count(1, true));

        asking.answer(asked.token(), "bob");
        assertThat(ids(OPEN)).isEmpty();
        assertThat(inbox.count(OPEN)).isEqualTo(new Inbox.Count(0, true));
        assertThat(ids(OPEN.statuses(Status.ANSWERED))).containsExactly("a");
        assertThat(ids(OPEN.statuses(Status.values()))).containsExactly("a");
        assertThat(inbox.count(OPEN.statuses(Status.values())).value()).isEqualTo(1);
    }

    @Test
    void anAnswerIsSeenByTheTimeItsReceiptIs() {
        Interaction asked = asking.ask("a", Question.open());
        asking.flows.interactions().answer(asked.token(), 1, io.flowscript.core.interaction.AnswerOptions.NONE);
        assertThat(ids(OPEN)).isEmpty();
    }

    @Test
    void whatWasAskedBeforeItWasOpenedIsThereToo() {
        for (int i = 0; i < 2_500; i++) {
            asking.ask("e" + i, Question.open());
        }
        try (Inbox late = Inbox.of(asking.flows)) {
            assertThat(late.count(OPEN).value()).isEqualTo(2_500);
        }
    }

    @Test
    void aRestoredExecutionBringsItsQuestions() {
        asking.ask("a", Question.open());
        try (Asking other = new Asking();
                Inbox theirs = Inbox.of(other.flows)) {
            other.flows.restore(
                    asking.flows.executions().find("a").orElseThrow().snapshot());
            assertThat(theirs.count(OPEN).value()).isEqualTo(1);
        }
    }

    @Test
    void aForgottenExecutionTakesItsQuestionsWithIt() {
        asking.answer(asking.ask("a", Question.open()).token(), "bob");
        assertThat(ids(OPEN.statuses(Status.ANSWERED))).containsExactly("a");
        asking.clock.advance(Duration.ofHours(2));
        asking.executor.runAll();
        assertThat(asking.flows.executions().find("a")).isEmpty();
        assertThat(ids(OPEN.statuses(Status.values()))).isEmpty();
        assertThat(inbox.count(OPEN.statuses(Status.values())).value()).isZero();
    }

    @Test
    void eachFilterNarrowsItDown() {
        asking.ask("expense", "mine", forPeople("ann").because("A trip to PARIS"));
        asking.ask("expense", "ours", forGroups("clerks").showing(Map.of("deep", List.of(Map.of("x", "Straße 7")))));
        asking.ask("contract", "theirs", forPeople("bob").within(Duration.ofDays(3)));
        asking.clock.advance(Duration.ofSeconds(10));
        asking.ask(
                "contract",
                "everybodys",
                Question.form(Map.of("type", "object", "title", "Sign here")).notBy("carl"));
        asking.flows.interactions().claim(find("ours"), Identity.of("dora"), Duration.ofHours(1));

        assertThat(ids(OPEN.assignee("ann"))).containsExactly("mine");
        assertThat(ids(OPEN.group("clerks"))).containsExactly("ours");
        assertThat(ids(OPEN.claimedBy("dora"))).containsExactly("ours");
        assertThat(ids(OPEN.claimedBy("ann"))).isEmpty();
        assertThat(ids(OPEN.statuses(Status.CLAIMED))).containsExactly("ours");
        assertThat(ids(OPEN.meantFor(Identity.of("ann", "clerks"))))
                .containsExactlyInAnyOrder("mine", "ours", "everybodys");
        assertThat(ids(OPEN.meantFor(Identity.of("carl")))).isEmpty();
        assertThat(ids(OPEN.execution("theirs"))).containsExactly("theirs");
        assertThat(ids(OPEN.workflow("contract"))).containsExactly("theirs", "everybodys");
        assertThat(ids(OPEN.node("sign"))).containsExactly("theirs", "everybodys");
        assertThat(ids(OPEN.requestedAfter(asking.clock.instant().minusSeconds(5))))
                .containsExactly("everybodys");
        assertThat(ids(OPEN.requestedBefore(asking.clock.instant()))).hasSize(3);
        assertThat(ids(OPEN.deadlineBefore(asking.clock.instant().plus(Duration.ofDays(4)))))
                .containsExactly("theirs");
        assertThat(ids(OPEN.containing("paris"))).containsExactly("mine");
        assertThat(ids(OPEN.containing("STRASSE"))).isEmpty();
        assertThat(ids(OPEN.containing("traße"))).containsExactly("ours");
        assertThat(ids(OPEN.containing("sign HERE"))).containsExactly("everybodys");
        assertThat(ids(OPEN.containing("SIGN"))).containsExactly("theirs", "everybodys");
    }

    @Test
    void anEscalationMovesItToTheOthers() {
        asking.ask("a", forPeople("ann").escalate(Duration.ofHours(1), Asking.group("bosses")));
        assertThat(ids(OPEN.assignee("ann"))).containsExactly("a");
        asking.clock.advance(Duration.ofHours(2));
        asking.executor.runAll();
        assertThat(ids(OPEN.assignee("ann"))).isEmpty();
        assertThat(inbox.count(OPEN.assignee("ann")).value()).isZero();
        assertThat(ids(OPEN.meantFor(Identity.of("eve", "bosses")))).containsExactly("a");
    }

    @Test
    void theOrders() {
        asking.ask("a", Question.open());
        asking.clock.advance(Duration.ofSeconds(1));
        asking.ask("b", Question.open().within(Duration.ofDays(9)));
        asking.clock.advance(Duration.ofSeconds(1));
        asking.ask("c", Question.open().within(Duration.ofDays(1)));
        assertThat(ids(OPEN)).containsExactly("a", "b", "c");
        assertThat(ids(OPEN.sorted(Order.NEWEST))).containsExactly("c", "b", "a");
        assertThat(ids(OPEN.sorted(Order.DEADLINE))).containsExactly("c", "b", "a");
        for (Order order : Order.values()) {
            assertThat(paged(OPEN.sorted(order), 1)).isEqualTo(ids(OPEN.sorted(order)));
        }
    }

    @Test
    void pagesHoldTogetherWhileOthersComeAndGo() {
        for (int i = 0; i < 10; i++) {
            asking.ask("e" + i, Question.open());
        }
        List<String> all = ids(OPEN);
        Page first = inbox.list(OPEN, null, 4);
        asking.answer(first.interactions().get(3).token(), "bob");
        asking.ask("late", Question.open());
        List<String> seen = new ArrayList<>(ids(first));
        String next = first.next();
        while (next != null) {
            Page page = inbox.list(OPEN, next, 4);
            seen.addAll(ids(page));
            next = page.next();
        }
        seen.remove("late");
        assertThat(seen).isEqualTo(all);
    }

    @Test
    void aPageLooksAtSoManyAndGoesOnWithTheNext() {
        try (Inbox lazy = Inbox.of(asking.flows, InboxLimits.DEFAULTS.maxExamined(3))) {
            for (int i = 0; i < 10; i++) {
                asking.ask(
                        i < 9 ? "expense" : "contract", "e" + i, Question.open().assignedTo("p" + i % 2));
                asking.clock.advance(Duration.ofMillis(1));
            }
            Page page = lazy.list(OPEN.node("sign"), null, 5);
            assertThat(page.interactions()).isEmpty();
            assertThat(page.next()).isNotNull();
            List<String> found = new ArrayList<>();
            int pages = 0;
            while (page.next() != null) {
                page = lazy.list(OPEN.node("sign"), page.next(), 5);
                found.addAll(ids(page));
                pages++;
            }
            assertThat(found).containsExactly("e9");
            assertThat(pages).isBetween(2, 4);
            assertThat(lazy.count(OPEN.node("review"))).isEqualTo(new Inbox.Count(3, false));
            assertThat(lazy.count(OPEN)).isEqualTo(new Inbox.Count(10, true));
        }
    }

    @Test
    void whatMayNotBeSeenIsInNoPageAndNoCount() {
        asking.ask("a", Question.open());
        asking.ask("b", Question.open());
        assertThat(inbox.list(OPEN, seen -> seen.token().executionId().equals("b"), null, 10)
                        .interactions())
                .hasSize(1);
        assertThat(inbox.count(OPEN, seen -> false).value()).isZero();
    }

    @Test
    void aCursorNamesNoToken() {
        asking.ask("a", Question.open());
        Interaction second = asking.ask("b", Question.open());
        String cursor = inbox.list(OPEN, null, 1).next();
        assertThat(new String(
                        java.util.Base64.getUrlDecoder().decode(cursor), java.nio.charset.StandardCharsets.ISO_8859_1))
                .doesNotContain(second.token().tokenId());
    }

    @Test
    void whatCannotBeAskedForIsRefused() {
        assertThatThrownBy(() -> inbox.list(OPEN, null, 0)).isInstanceOf(FlowScriptException.class);
        assertThatThrownBy(() -> inbox.list(OPEN, null, 1_001)).hasMessageContaining("1 to 1000");
        for (String cursor : List.of("", "!", "AAAA", "a".repeat(1_000), "T".repeat(40))) {
            assertThatThrownBy(() -> inbox.list(OPEN, cursor, 1))
                    .extracting("code")
                    .isEqualTo("invalid_cursor");
        }
        asking.ask("a", Question.open());
        asking.ask("b", Question.open());
        String cursor = inbox.list(OPEN, null, 1).next();
        assertThatThrownBy(() -> inbox.list(OPEN.sorted(Order.NEWEST), cursor, 1))
                .extracting("code")
                .isEqualTo("invalid_cursor");
        assertThatThrownBy(() -> OPEN.containing("")).extracting("code").isEqualTo("invalid_query");
        inbox.close();
        assertThatThrownBy(() -> inbox.list(OPEN, null, 1)).extracting("code").isEqualTo("inbox_closed");
    }

    private io.flowscript.core.runtime.PauseToken find(String executionId) {
        return asking.flows
                .executions()
                .find(executionId)
                .orElseThrow()
                .interactions()
                .get(0)
                .token();
    }

    private List<String> ids(InboxQuery query) {
        return ids(inbox.list(query, null, 1_000));
    }

    private static List<String> ids(Page page) {
        return page.interactions().stream()
                .map(interaction -> interaction.token().executionId())
                .toList();
    }

    private List<String> paged(InboxQuery query, int limit) {
        List<String> all = new ArrayList<>();
        String next = null;
        do {
            Page page = inbox.list(query, next, limit);
            all.addAll(ids(page));
            next = page.next();
        } while (next != null);
        return all;
    }
}
