package io.flowscript.events.operations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flowscript.core.CommandKey;
import io.flowscript.core.FlowScriptException;
import io.flowscript.core.interaction.Interaction.Claim;
import io.flowscript.core.runtime.PauseToken;
import io.flowscript.core.snapshot.CommandReceipt;
import io.flowscript.core.testing.ManualClock;
import io.flowscript.events.operations.CommandReceipts.Attempt;
import io.flowscript.events.operations.CommandReceipts.Carried;
import io.flowscript.events.operations.CommandReceipts.Outcome;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("I5: what came of commands is remembered, and no more of it than the limits say")
class CommandReceiptsTest {

    private final ManualClock clock = new ManualClock();
    private final CommandReceipts receipts = new CommandReceipts(clock, 5, 1 << 20, 3, Duration.ofMinutes(10));

    @Test
    void whatCameOfACommandIsKnownWhenItComesAgain() {
        done("ann", "k");

        Attempt again = receipts.begin(new CommandKey("ann", "k", "digest"), "other");
        assertThat(again.outcome()).isSameAs(Outcome.DONE);
        assertThat(again.executionId()).isEqualTo("of k");
        assertThat(again.isFirst()).isFalse();
    }

    @Test
    void anIdStandsForOneCommand() {
        done("ann", "k");
        Attempt underWay = receipts.begin(new CommandKey("ann", "l", "digest"), "x");

        assertThatThrownBy(() -> receipts.begin(new CommandKey("ann", "k", "other"), "x"))
                .isInstanceOfSatisfying(
                        FlowScriptException.class, e -> assertThat(e.code()).isEqualTo("idempotency_conflict"));
        assertThatThrownBy(() -> receipts.begin(new CommandKey("ann", "l", "other"), "x"))
                .isInstanceOf(FlowScriptException.class);
        receipts.end(underWay, null);
        assertThat(receipts.begin(new CommandKey("ann", "l", "other"), "x").isFirst())
                .isTrue();
    }

    @ParameterizedTest
    @ValueSource(longs = {-1, 1})
    void itIsRememberedForItsTimeWhateverBecomesOfTheTimeOfDay(long hours) {
        done("ann", "k");
        clock.jump(Duration.ofHours(hours));
        clock.advance(Duration.ofMinutes(10).minusNanos(1));
        assertThat(receipts.begin(new CommandKey("ann", "k", "digest"), "x").outcome())
                .isSameAs(Outcome.DONE);
        clock.advance(Duration.ofNanos(1));
        assertThat(receipts.begin(new CommandKey("ann", "k", "digest"), "x").isFirst())
                .isTrue();
    }

    @Test
    void sendersDoNotShareIds() {
        done("ann", "k");

        assertThat(receipts.begin(new CommandKey("bob", "k", "digest"), "x").isFirst())
                .isTrue();
    }

    @Test
    void aCommandThatFailedLeavesNothing() {
        receipts.end(receipts.begin(new CommandKey("ann", "k", "digest"), "x"), null);

        assertThat(receipts.size()).isZero();
        Attempt anew = receipts.begin(new CommandKey("ann", "k", "digest"), "y");
        assertThat(anew.isFirst()).isTrue();
        assertThat(anew.executionId()).isEqualTo("y");
    }

    @Test
    @DisplayName("Of two at a time, the one that fails takes nothing from the other")
    void theFirstOneFailsWhileAnotherIsUnderWay() {
        Attempt first = receipts.begin(new CommandKey("ann", "k", "digest"), "x");
        Attempt second = receipts.begin(new CommandKey("ann", "k", "digest"), "y");
        assertThat(second.executionId()).isEqualTo("x");
        assertThat(second.isFirst()).isFalse();

        receipts.end(first, null);
        Attempt third = receipts.begin(new CommandKey("ann", "k", "digest"), "z");
        assertThat(third.executionId())
                .as("while one is under way, it is the same one")
                .isEqualTo("x");
        receipts.end(second, Outcome.DONE);
        receipts.end(third, null);

        assertThat(receipts.begin(new CommandKey("ann", "k", "digest"), "z").outcome())
                .isSameAs(Outcome.DONE);
        assertThat(receipts.size()).isOne();
    }

    @Test
    @DisplayName("I11: what executions have kept is known, for the rest of its time, the newest of each sender and id")
    void whatExecutionsHaveKept() {
        Instant now = clock.instant();
        PauseToken token = new PauseToken("run", "ask-1", "t");
        Claim claim = new Claim("ann", now.plusSeconds(60));
        receipts.restore(List.of(
                new Carried("newer", kept("ann", "k", now.minusSeconds(60), null, null)),
                new Carried("older", kept("ann", "k", now.minusSeconds(61), null, null)),
                new Carried("run", kept("ann", "claimed", now.minus(Duration.ofMinutes(9)), token, claim)),
                new Carried("run", kept("bob", "tomorrow", now.plus(Duration.ofDays(1)), null, null)),
                new Carried("run", kept("ann", "old", now.minus(Duration.ofMinutes(10)), null, null))));

        assertThat(receipts.size()).isEqualTo(3);
        assertThat(receipts.begin(new CommandKey("ann", "k", "digest"), "x").executionId())
                .isEqualTo("newer");
        assertThat(receipts.begin(new CommandKey("ann", "claimed", "digest"), "x")
                        .outcome())
                .isEqualTo(new Outcome(token, claim));
        assertThatThrownBy(() -> receipts.begin(new CommandKey("ann", "k", "other"), "x"))
                .isInstanceOf(FlowScriptException.class);
        clock.advance(Duration.ofMinutes(1));
        assertThat(isKnown("ann", "claimed")).isFalse();
        assertThat(isKnown("ann", "k")).isTrue();
        clock.advance(Duration.ofMinutes(9));
        assertThat(isKnown("bob", "tomorrow"))
                .as("a time in the future counts as now, since the clock was set back")
                .isFalse();
    }

    @Test
    @DisplayName("I5: of what executions have kept no more is known than the limits say, the newest of it")
    void whatExecutionsHaveKeptIsBounded() {
        List<Carried> all = new ArrayList<>();
        for (int i = 1; i <= 9; i++) {
            all.add(new Carried(
                    "run", kept("sender " + i % 2, "k" + i, clock.instant().minusSeconds(i), null, null)));
        }
        receipts.restore(all);

        assertThat(receipts.size()).isEqualTo(5);
        assertThat(isKnown("sender 1", "k1")).isTrue();
        assertThat(isKnown("sender 0", "k8")).isFalse();
    }

    private static CommandReceipt kept(String sender, String id, Instant at, PauseToken token, Claim claim) {
        return new CommandReceipt(new CommandKey(sender, id, "digest"), at, token, claim);
    }

    @Test
    void eachSenderHasSoManyTheOldestGoesFirst() {
        for (int i = 1; i <= 4; i++) {
            done("ann", "k" + i);
        }

        assertThat(receipts.size()).isEqualTo(3);
        assertThat(isKnown("ann", "k1")).isFalse();
        assertThat(isKnown("ann", "k2")).isTrue();
    }

    @Test
    void allTogetherHaveSoManyTheOldestGoesFirst() {
        for (int i = 1; i <= 6; i++) {
            done("sender " + i, "k");
        }

        assertThat(receipts.size()).isEqualTo(5);
        assertThat(isKnown("sender 1", "k")).isFalse();
        assertThat(isKnown("sender 2", "k")).isTrue();
    }

    @Test
    void whatIsUnderWayIsNotForgotten() {
        Attempt underWay = receipts.begin(new CommandKey("ann", "k", "digest"), "x");
        for (int i = 1; i <= 4; i++) {
            done("ann", "k" + i);
        }
        clock.advance(Duration.ofDays(1));

        assertThat(receipts.begin(new CommandKey("ann", "k", "digest"), "y").executionId())
                .isEqualTo("x");
        receipts.end(underWay, Outcome.DONE);
        assertThat(isKnown("ann", "k")).isTrue();
    }

    @Test
    void whatIsTooOldIsForgotten() {
        done("ann", "k");
        clock.advance(Duration.ofMinutes(10).minusMillis(1));
        assertThat(isKnown("ann", "k")).isTrue();

        clock.advance(Duration.ofMillis(1));
        assertThat(isKnown("ann", "k")).isFalse();
        assertThat(receipts.size()).isZero();
    }

    @Test
    void whoIsGoneIsForgotten() {
        done("ann", "k");
        done("bob", "k");

        receipts.forget("ann");
        receipts.forget("nobody");

        assertThat(isKnown("ann", "k")).isFalse();
        assertThat(isKnown("bob", "k")).isTrue();
        assertThat(receipts.size()).isOne();
    }

    @Test
    void nothingIsRememberedWhereNothingMayBe() {
        CommandReceipts none = new CommandReceipts(clock, 0, 1 << 20, 1_000, Duration.ofHours(1));
        none.end(none.begin(new CommandKey("ann", "k", "digest"), "x"), Outcome.DONE);
        assertThat(none.size()).isZero();
    }

    private void done(String sender, String id) {
        receipts.end(receipts.begin(new CommandKey(sender, id, "digest"), "of " + id), Outcome.DONE);
    }

    private boolean isKnown(String sender, String id) {
        Attempt attempt = receipts.begin(new CommandKey(sender, id, "digest"), "x");
        if (attempt.outcome() == null) {
            receipts.end(attempt, null);
            return false;
        }
        return true;
    }

    @Test
    @DisplayName(
            "I5: long keys and names cannot use more memory in all than is allowed; the oldest commands are forgotten")
    void theMemoryOfAllIsLimited() {
        CommandReceipts few = new CommandReceipts(clock, 1_000, 10_000, 1_000, Duration.ofHours(1));
        for (int i = 0; i < 100; i++) {
            Attempt attempt = few.begin(new CommandKey("sender " + i, "k".repeat(250), "digest"), "x");
            few.end(attempt, Outcome.DONE);
            few.forget(i % 7 == 0 ? "sender " + i : "nobody");
        }
        assertThat(few.size()).isBetween(5, 10_000 / (2 * 250 + 500));
        assertThat(few.begin(new CommandKey("sender 99", "k".repeat(250), "digest"), "x")
                        .isFirst())
                .isFalse();
        assertThat(few.begin(new CommandKey("sender 1", "k".repeat(250), "digest"), "x")
                        .isFirst())
                .isTrue();
        clock.advance(Duration.ofHours(2));
        few.begin(new CommandKey("sender 1", "k", "digest"), "x");
        assertThat(few.size()).as("two that are being carried out").isEqualTo(2);
    }
}
