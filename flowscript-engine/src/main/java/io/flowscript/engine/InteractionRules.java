package io.flowscript.engine;

import io.flowscript.core.FlowScriptException;
import io.flowscript.core.Identity;
import io.flowscript.core.event.HumanEvent;
import io.flowscript.core.interaction.AnswerOptions;
import io.flowscript.core.interaction.Interaction;
import io.flowscript.core.interaction.Interaction.Claim;
import io.flowscript.core.interaction.Interaction.Due;
import io.flowscript.core.interaction.Interaction.Reply;
import io.flowscript.core.interaction.Receipt;
import io.flowscript.core.json.JsonPath;
import io.flowscript.core.runtime.BusinessTime;
import io.flowscript.core.runtime.Escalation;
import io.flowscript.core.runtime.PauseToken;
import io.flowscript.core.runtime.Question;
import io.flowscript.core.runtime.Quorum;
import io.flowscript.core.runtime.Violation;
import io.flowscript.core.snapshot.ExecutionSnapshot;
import io.flowscript.engine.Timeline.Wait;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The rules for what people may do with an interaction, as functions of the interaction, the person and the time.
 * Stateless.
 */
final class InteractionRules {

    /** The longest business time that is supported, whatever the calendar. */
    private static final Duration LONGEST = Duration.ofDays(365_250);

    private InteractionRules() {}

    /** Creates an interaction that begins now. Calls the application's {@code BusinessTime}. */
    static Interaction opened(
            PauseToken token,
            String workflowId,
            String nodeName,
            @Nullable String step,
            @Nullable Question question,
            Instant now,
            BusinessTime time) {
        Question asked = question == null ? Question.open() : question;
        List<Due> schedule = new ArrayList<>();
        for (Duration after : asked.reminders()) {
            schedule.add(new Due(later(time, now, after), null));
        }
        for (Escalation escalation : asked.escalations()) {
            schedule.add(new Due(later(time, now, escalation.after()), escalation.to()));
        }
        schedule.sort(Comparator.comparing(Due::at));
        Duration within = asked.within();
        return Interaction.builder()
                .token(token)
                .workflowId(workflowId)
                .nodeName(nodeName)
                .step(step)
                .question(question)
                .requestedAt(now)
                .deadline(within == null ? null : later(time, now, within))
                .assignment(asked.assignment())
                .schedule(schedule)
                .build();
    }

    private static Instant later(BusinessTime time, Instant now, Duration after) {
        Instant at = time.after(now, after);
        if (at == null || !at.isAfter(now) || at.isAfter(now.plus(LONGEST))) {
            throw new FlowScriptException(
                    "invalid_business_time",
                    "The business time says that " + after + " after " + now + " is " + at
                            + "; it must be later, by at most a thousand years");
        }
        return at;
    }

    /** Returns whether its deadline has passed, its claim has lapsed, or a reminder or an escalation is due. */
    static boolean isDue(Interaction interaction, ClockReading now) {
        Claim claim = interaction.claim();
        List<Due> schedule = interaction.schedule();
        return now.isOver(Wait.deadline(interaction))
                || (claim != null && now.isOver(Wait.claim(claim)))
                || (!schedule.isEmpty() && now.isOver(Wait.due(schedule.get(0))));
    }

    /** How many answers can be kept before the one that closes a question: that is all that voters can send. */
    static long mostVotes(@Nullable Question question) {
        long most = 1;
        if (question != null && question.quorum() != null) {
            for (int votes : question.quorum().needed().values()) {
                most += votes - 1;
            }
        }
        return most;
    }

    /** Returns the violations of an answer apart from those of the schema. */
    static List<Violation> voteViolations(@Nullable Question question, @Nullable Object answer) {
        Quorum quorum = question == null ? null : question.quorum();
        if (quorum == null
                || (vote(quorum, answer) instanceof String vote
                        && quorum.needed().containsKey(vote))) {
            return List.of();
        }
        return List.of(new Violation(
                JsonPath.ROOT.child(quorum.field()).toString(),
                "enum",
                "must be one of: "
                        + String.join(", ", new TreeSet<>(quorum.needed().keySet()))));
    }

    /** Returns the receipt that refuses any answer of this person now; null when the person may answer. */
    static @Nullable Receipt refusal(Interaction interaction, AnswerOptions options, ClockReading now) {
        String name = name(options.by());
        String refused = barred(interaction, name);
        if (refused != null) {
            return new Receipt.Forbidden(interaction.token(), "forbidden", refused);
        }
        Claim claim = interaction.claim();
        return claim == null || claim.by().equals(name) || now.isOver(Wait.claim(claim))
                ? null
                : new Receipt.Forbidden(interaction.token(), "already_claimed", ClaimRules.heldBy(claim));
    }

    /** Returns the reason why a person may not answer; null when the person may. */
    static @Nullable String barred(Interaction interaction, @Nullable String name) {
        Question question = interaction.question();
        if (question == null) {
            return null;
        }
        if (!question.excluded().isEmpty()) {
            if (name == null) {
                return "This interaction excludes some people, so only somebody with a name may answer it";
            }
            if (question.excluded().contains(name)) {
                return name + " may not answer this interaction, others may";
            }
        }
        return question.quorum() == null ? null : alreadyVoted(interaction, name);
    }

    private static @Nullable String alreadyVoted(Interaction interaction, @Nullable String name) {
        if (name == null) {
            return "Several people vote on this interaction, so only somebody with a name may answer it";
        }
        for (Reply reply : interaction.replies()) {
            if (name.equals(name(reply.by()))) {
                return name + " has voted already, at " + reply.at() + "; each person has one vote";
            }
        }
        return null;
    }

    /** Checks whether an answer closes the interaction. */
    static boolean closes(Interaction interaction, @Nullable Object answer) {
        Quorum quorum = quorum(interaction, answer);
        if (quorum == null) {
            return true;
        }
        Object vote = vote(quorum, answer);
        int votes = 1;
        for (Reply reply : interaction.replies()) {
            if (Objects.equals(vote, vote(quorum, reply.data()))) {
                votes++;
            }
        }
        return votes >= quorum.needed().getOrDefault(vote, Integer.MAX_VALUE);
    }

    /** Returns what the node gets when an answer closes its interaction: the answer, or the decision with all votes. */
    static @Nullable Object outcome(Interaction interaction, Reply last, @Nullable Object answer) {
        Quorum quorum = quorum(interaction, answer);
        if (quorum == null) {
            return answer;
        }
        List<Object> votes = new ArrayList<>();
        for (Reply reply : PlainValues.append(interaction.replies(), last)) {
            Map<String, @Nullable Object> vote = new LinkedHashMap<>();
            vote.put("by", name(reply.by()));
            vote.put("at", reply.at().toString());
            vote.put("answer", reply.data());
            votes.add(vote);
        }
        Map<String, @Nullable Object> outcome = new LinkedHashMap<>();
        outcome.put(quorum.field(), vote(quorum, answer));
        outcome.put("votes", votes);
        return outcome;
    }

    /** What is kept of an answer that counts. The one that closes a question is in the log; a vote, and one that may come again, is kept here too. */
    static Reply reply(Interaction interaction, @Nullable Object answer, AnswerOptions options, Instant now) {
        String key = options.idempotencyKey();
        boolean kept = key != null || quorum(interaction, answer) != null;
        return new Reply(options.by(), now, key, kept ? answer : null);
    }

    private static @Nullable Quorum quorum(Interaction interaction, @Nullable Object answer) {
        Question question = interaction.question();
        return question == null || question.isCancelledBy(answer) ? null : question.quorum();
    }

    private static @Nullable Object vote(Quorum quorum, @Nullable Object answer) {
        return answer instanceof Map<?, ?> fields ? fields.get(quorum.field()) : null;
    }

    /** Replaces the data that is shown. */
    static void revise(
            Interaction interaction, SnapshotDraft draft, Map<String, @Nullable Object> shown, @Nullable Identity by) {
        Question question = interaction.question();
        if (question == null) {
            throw new FlowScriptException(
                    "invalid_question",
                    "This interaction was opened without a Question, so it has no shown data to revise");
        }
        Map<String, @Nullable Object> before = question.context();
        if (shown.equals(before)) {
            return;
        }
        Interaction.Builder to = interaction.toBuilder().question(question.showing(shown));
        if (before != null) {
            to.shownBefore(PlainValues.append(interaction.shownBefore(), before, Interaction.MAX_SHOWN_BEFORE));
        }
        PauseToken token = interaction.token();
        String name = name(by);
        draft.change(
                interaction,
                to,
                new HumanEvent.InputRevised(token.nodeId(), interaction.nodeName(), token.tokenId(), shown, name),
                name);
    }

    /** Returns the receipt for a person who saw other data than the data shown now. */
    static Receipt stale(Interaction interaction, Question question, ExecutionSnapshot execution, String seen) {
        List<Map<String, @Nullable Object>> before = new ArrayList<>(interaction.shownBefore());
        for (Interaction closed : execution.closed()) {
            Question earlier = closed.question();
            if (earlier != null
                    && earlier.context() != null
                    && closed.nodeName().equals(interaction.nodeName())) {
                before.add(earlier.context());
            }
        }
        Map<String, @Nullable Object> found = null;
        for (Map<String, @Nullable Object> context : before) {
            if (Objects.equals(seen, Question.contextHash(context))) {
                found = context;
            }
        }
        return new Receipt.Stale(
                interaction.token(), found, question.context(), Question.contextHash(question.context()));
    }

    /** Returns the name of a person; null without an identity, and for an identity that the transport does not know. */
    static @Nullable String name(@Nullable Identity who) {
        return who == null || who.equals(Identity.ANONYMOUS) ? null : who.name();
    }

    static FlowScriptException notOpen(Receipt receipt) {
        return new FlowScriptException(
                receipt.code(),
                receipt instanceof Receipt.NotFound
                        ? "There is no such interaction, or the engine no longer remembers it"
                        : "The interaction is closed");
    }
}
