package io.flowscript.store.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import io.flowscript.core.Assignment;
import io.flowscript.core.interaction.Interaction;
import io.flowscript.core.interaction.Interaction.Status;
import io.flowscript.core.interaction.InteractionPlace;
import io.flowscript.core.runtime.PauseToken;
import io.flowscript.core.runtime.Question;
import io.flowscript.core.snapshot.ExecutionSnapshot;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A commit writes only the rows of interactions that are different")
class InteractionRowsTest {

    private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");

    private final Interaction asked = asked("one");
    private final Interaction other = asked("two");
    private final ExecutionSnapshot before = snapshot(List.of(asked, other), List.of());

    private static Interaction asked(String token) {
        return Interaction.builder()
                .token(new PauseToken("execution", "visit", token))
                .workflowId("orders")
                .nodeName("approve")
                .question(Question.open())
                .requestedAt(NOW)
                .assignment(new Assignment(List.of("ann", "ann"), List.of("managers")))
                .build();
    }

    private static ExecutionSnapshot snapshot(List<Interaction> open, List<Interaction> closed) {
        return ExecutionSnapshot.builder()
                .executionId("execution")
                .workflowId("orders")
                .definitionHash("hash")
                .createdAt(NOW)
                .epoch("epoch")
                .lastEventAt(NOW)
                .open(open)
                .closed(closed)
                .build();
    }

    @Test
    void theFirstCommitWritesAll() {
        InteractionRows rows = InteractionRows.between(null, before);
        assertThat(rows.deleted()).isEmpty();
        // For each: its state, its workflow, a person and a group.
        assertThat(rows.written()).hasSize(8);
    }

    @Test
    void aStepThatChangesNoneWritesNothing() {
        ExecutionSnapshot next = before.toBuilder().steps(7).seq(9).build();
        assertThat(InteractionRows.between(before, next)).isSameAs(InteractionRows.between(before, before));
        assertThat(InteractionRows.between(before, next).written()).isEmpty();
        assertThat(InteractionRows.between(before, next).deleted()).isEmpty();
    }

    @Test
    void theOthersStayWhenOneIsAnswered() {
        Interaction answered = asked.toBuilder()
                .status(Status.ANSWERED)
                .closedAt(NOW.plusSeconds(1))
                .build();
        InteractionRows rows = InteractionRows.between(before, snapshot(List.of(other), List.of(answered)));
        assertThat(rows.deleted()).hasSize(4).allMatch(key -> key.tieBreak() == tieBreak(asked));
        assertThat(rows.written()).hasSize(4).allMatch(row -> row.key().tieBreak() == tieBreak(asked));
    }

    private static long tieBreak(Interaction interaction) {
        return InteractionPlace.of(interaction).tieBreak();
    }

    @Test
    void whoSeesItSecondChangesNoRow() {
        Interaction seen = asked.toBuilder().seenBy(List.of("ann")).build();
        ExecutionSnapshot once = snapshot(List.of(seen, other), List.of());
        InteractionRows first = InteractionRows.between(before, once);
        assertThat(first.deleted()).hasSize(1);
        assertThat(first.written()).hasSize(4);

        Interaction again = asked.toBuilder().seenBy(List.of("ann", "bob")).build();
        InteractionRows second = InteractionRows.between(once, snapshot(List.of(again, other), List.of()));
        assertThat(second.deleted()).isEmpty();
        assertThat(second.written()).isEmpty();
    }
}
