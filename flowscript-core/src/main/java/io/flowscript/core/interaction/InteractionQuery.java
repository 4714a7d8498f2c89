package io.flowscript.core.interaction;

import io.flowscript.core.Identity;
import io.flowscript.core.interaction.Interaction.Status;
import io.flowscript.core.runtime.Question;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Which interactions are read: those with a question that fulfil all conditions. Times are compared in microseconds.
 *
 * @param statuses the statuses, at least one
 * @param workflowId only interactions of this workflow; null for all
 * @param executionId only interactions of this execution; null for all
 * @param assignee only interactions that are assigned to this person by name; null for all
 * @param group only interactions that are assigned to this group; null for all
 * @param meantFor only interactions that are assigned to this person, to one of the person's groups or to anybody, without
 *     those that exclude the person; null for all
 * @param claimedBy only interactions that this person has claimed; null for all
 * @param requestedAfter only interactions that were requested after this time; null for all
 * @param requestedBefore only interactions that were requested before this time; null for all
 * @param deadlineBefore only interactions with a deadline before this time; null for all
 * @param unseen only open interactions that nobody has seen
 * @since 0.1.0
 */
public record InteractionQuery(
        Set<Status> statuses,
        @Nullable String workflowId,
        @Nullable String executionId,
        @Nullable String assignee,
        @Nullable String group,
        @Nullable Identity meantFor,
        @Nullable String claimedBy,
        @Nullable Instant requestedAfter,
        @Nullable Instant requestedBefore,
        @Nullable Instant deadlineBefore,
        boolean unseen) {

    /**
     * Checks and copies the statuses.
     *
     * @param statuses the statuses, at least one
     * @param workflowId only interactions of this workflow; null for all
     * @param executionId only interactions of this execution; null for all
     * @param assignee only interactions that are assigned to this person by name; null for all
     * @param group only interactions that are assigned to this group; null for all
     * @param meantFor only interactions that are assigned to this person, to one of the person's groups or to anybody, without those that exclude the person; null for all
     * @param claimedBy only interactions that this person has claimed; null for all
     * @param requestedAfter only interactions that were requested after this time; null for all
     * @param requestedBefore only interactions that were requested before this time; null for all
     * @param deadlineBefore only interactions with a deadline before this time; null for all
     * @param unseen only open interactions that nobody has seen
     * @throws IllegalArgumentException when there are none
     */
    public InteractionQuery {
        statuses = Set.copyOf(statuses);
        if (statuses.isEmpty()) {
            throw new IllegalArgumentException("statuses is empty; it has one at least");
        }
    }

    /**
     * Returns a query for all interactions with one of some statuses.
     *
     * @param any the statuses, at least one
     * @return the query
     */
    public static InteractionQuery of(Set<Status> any) {
        return new InteractionQuery(any, null, null, null, null, null, null, null, null, null, false);
    }

    /**
     * Returns whether an interaction is one of those that are read.
     *
     * @param interaction an interaction
     * @return whether it has a question and fulfils the conditions
     */
    public boolean matches(Interaction interaction) {
        Question question = interaction.question();
        return question != null
                && statuses.contains(interaction.status())
                && (executionId == null
                        || executionId.equals(interaction.token().executionId()))
                && (workflowId == null || workflowId.equals(interaction.workflowId()))
                && (!unseen || interaction.isUnseen())
                && isTheirs(interaction, question)
                && isInTime(interaction);
    }

    private boolean isTheirs(Interaction interaction, Question question) {
        Interaction.Claim claim = interaction.claim();
        return (assignee == null || interaction.assignment().people().contains(assignee))
                && (group == null || interaction.assignment().groups().contains(group))
                && (claimedBy == null || (claim != null && claimedBy.equals(claim.by())))
                && (meantFor == null
                        || (interaction.assignment().includes(meantFor)
                                && !question.excluded().contains(meantFor.name())));
    }

    private boolean isInTime(Interaction interaction) {
        return (requestedAfter == null || isBefore(requestedAfter, interaction.requestedAt()))
                && (requestedBefore == null || isBefore(interaction.requestedAt(), requestedBefore))
                && (deadlineBefore == null
                        || (interaction.deadline() != null && isBefore(interaction.deadline(), deadlineBefore)));
    }

    private static boolean isBefore(Instant one, Instant other) {
        return InteractionPlace.micros(one) < InteractionPlace.micros(other);
    }

    /**
     * Reads a page by looking at each interaction. For stores that do so.
     *
     * @param all all interactions
     * @param order the order
     * @param after the place after which the page begins; null for the beginning
     * @param limit the greatest number of interactions, from 1
     * @return the page
     */
    public InteractionPage page(
            Stream<Interaction> all, InteractionOrder order, @Nullable InteractionPlace after, int limit) {
        record Placed(InteractionPlace place, Interaction interaction) {}
        List<Placed> found = all.filter(this::matches)
                .map(each -> new Placed(InteractionPlace.of(each), each))
                .filter(each -> after == null || order.places().compare(each.place(), after) > 0)
                .sorted(Comparator.comparing(Placed::place, order.places()))
                .limit(limit + 1L)
                .toList();
        List<Placed> page = found.subList(0, Math.min(limit, found.size()));
        return new InteractionPage(
                page.stream().map(Placed::interaction).toList(),
                page.size() == found.size() ? null : page.get(limit - 1).place());
    }
}
