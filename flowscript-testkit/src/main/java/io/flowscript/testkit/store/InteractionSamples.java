package io.flowscript.testkit.store;

import io.flowscript.core.Assignment;
import io.flowscript.core.Identity;
import io.flowscript.core.interaction.Interaction;
import io.flowscript.core.interaction.Interaction.Status;
import io.flowscript.core.interaction.InteractionQuery;
import io.flowscript.core.runtime.PauseToken;
import io.flowscript.core.runtime.Question;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Interactions that differ in all that queries ask for, and queries that find some of them. For use by one thread. */
final class InteractionSamples {

    static final Set<Status> ALL = EnumSet.allOf(Status.class);
    static final Set<Status> OPEN = Set.of(Status.OPEN, Status.CLAIMED);

    private static final Instant BASE = StoredRun.START;
    private static final Identity ANN = Identity.of("ann", "managers", "board");
    private static final List<Assignment> ASSIGNMENTS = List.of(
            Assignment.ANYBODY,
            new Assignment(List.of("ann"), List.of()),
            new Assignment(List.of("ann", "bob"), List.of("managers")),
            new Assignment(List.of("bob"), List.of("clerks")),
            new Assignment(List.of(), List.of("managers", "board")),
            new Assignment(List.of("managers", "x".repeat(3_000)), List.of("ann", "\u0000")));

    private final Random random;
    private int count;

    InteractionSamples(long seed) {
        random = new Random(seed);
    }

    /** {@return a new interaction of an execution, open or closed} */
    Interaction next(String executionId, String workflowId) {
        count++;
        Status status = pick(List.of(Status.values()));
        boolean isOpen = OPEN.contains(status);
        // Few different times, so that the order of equal ones counts.
        Instant at = BASE.plusMillis(random.nextInt(20)).plusNanos(random.nextInt(3) * 500L);
        Question question = Question.open();
        if (random.nextInt(4) == 0) {
            question = question.notBy("ann");
        }
        return Interaction.builder()
                .token(new PauseToken(executionId, "visit-" + count, "token-" + count))
                .workflowId(workflowId)
                .nodeName("approve")
                .question(random.nextInt(10) == 0 ? null : question)
                .requestedAt(at)
                .deadline(random.nextInt(3) == 0 ? null : deadline(at))
                .assignment(pick(ASSIGNMENTS))
                .status(status)
                .claim(
                        status == Status.CLAIMED
                                ? new Interaction.Claim(pick(List.of("ann", "bob")), at.plusSeconds(60))
                                : null)
                .seenBy(isOpen && random.nextBoolean() ? List.of("bob") : List.of())
                .closedAt(isOpen ? null : at.plusSeconds(1))
                .build();
    }

    private Instant deadline(Instant at) {
        return random.nextInt(20) == 0 ? Instant.MAX : at.plus(Duration.ofMillis(random.nextInt(10)));
    }

    private <T> T pick(List<T> some) {
        return some.get(random.nextInt(some.size()));
    }

    /** {@return queries with each condition, alone and together} */
    static List<InteractionQuery> queries(String executionId) {
        List<InteractionQuery> queries = new ArrayList<>();
        for (Set<Status> statuses : List.of(ALL, OPEN, Set.of(Status.OPEN), Set.of(Status.CLAIMED, Status.EXPIRED))) {
            queries.add(InteractionQuery.of(statuses));
            queries.add(query(statuses, "orders", null, null, null, null, null, null));
            queries.add(query(statuses, "nothing", null, null, null, null, null, null));
            queries.add(query(statuses, null, executionId, null, null, null, null, null));
            queries.add(query(statuses, null, "unknown", null, null, null, null, null));
            queries.add(query(statuses, null, null, "ann", null, null, null, null));
            queries.add(query(statuses, null, null, "x".repeat(3_000), null, null, null, null));
            queries.add(query(statuses, null, null, null, "managers", null, null, null));
            queries.add(query(statuses, null, null, null, "\u0000", null, null, null));
            queries.add(query(statuses, null, null, null, null, ANN, null, null));
            queries.add(query(statuses, null, null, null, null, Identity.of("eve"), null, null));
            queries.add(query(statuses, null, null, null, null, null, "ann", null));
            queries.add(query(statuses, "orders", null, "bob", "managers", ANN, null, null));
            queries.add(query(statuses, "orders", null, null, null, ANN, "bob", BASE.plusMillis(10)));
            queries.add(query(statuses, null, executionId, "ann", null, ANN, null, BASE.plusMillis(10)));
            queries.add(query(statuses, null, null, null, null, null, null, BASE.plusMillis(10)));
            queries.add(new InteractionQuery(
                    statuses,
                    null,
                    null,
                    null,
                    "managers",
                    null,
                    null,
                    BASE.plusMillis(4),
                    BASE.plusMillis(15).plusNanos(500),
                    null,
                    true));
        }
        return queries;
    }

    private static InteractionQuery query(
            Set<Status> statuses,
            @Nullable String workflowId,
            @Nullable String executionId,
            @Nullable String assignee,
            @Nullable String group,
            @Nullable Identity meantFor,
            @Nullable String claimedBy,
            @Nullable Instant deadlineBefore) {
        return new InteractionQuery(
                statuses,
                workflowId,
                executionId,
                assignee,
                group,
                meantFor,
                claimedBy,
                null,
                null,
                deadlineBefore,
                false);
    }
}
