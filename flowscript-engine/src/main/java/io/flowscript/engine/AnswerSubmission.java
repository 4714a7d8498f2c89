package io.flowscript.engine;

import io.flowscript.core.interaction.AnswerOptions;
import io.flowscript.core.interaction.Interaction;
import io.flowscript.core.interaction.Interaction.Reply;
import io.flowscript.core.interaction.Receipt;
import io.flowscript.core.json.Json;
import io.flowscript.core.json.Value;
import io.flowscript.core.runtime.PauseToken;
import io.flowscript.core.runtime.Question;
import io.flowscript.core.runtime.Violation;
import io.flowscript.core.snapshot.ExecutionSnapshot;
import io.flowscript.engine.Timeline.Wait;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * An answer that was submitted to an interaction. It is validated with no lock held, because that runs the application's
 * validator. Whether it is accepted is decided under the lock of the execution. For one thread.
 */
final class AnswerSubmission {

    final PauseToken token;
    final @Nullable Object answer;
    final AnswerOptions options;

    /** The receipt for the sender; null while it is undecided. */
    @Nullable
    Receipt receipt;

    /** The data that the node gets when this submission closes its interaction: the answer, or the decision with all votes. */
    @Nullable
    Object outcome;

    /** The future on which the code of a node waits, and which the engine completes after the decision; or null. */
    @Nullable
    CompletableFuture<Value> waiting;

    private @Nullable Question question;
    private @Nullable Receipt objection;

    AnswerSubmission(PauseToken token, @Nullable Object answer, AnswerOptions options) {
        this.token = token;
        this.answer = answer;
        this.options = options;
    }

    /** Checks the answer against the interaction in a snapshot: what the person saw, the size, the form. Runs the validator. */
    void check(ExecutionSnapshot at, FormCache forms, EngineLimits limits) {
        Interaction interaction = Receipts.find(at.open(), token);
        question = interaction == null ? null : interaction.question();
        objection = interaction == null ? null : objection(interaction, at, forms, limits);
    }

    /**
     * Decides about the answer in the current state of the interaction. It stays undecided when the question has
     * changed since the validation.
     *
     * @return the reply to keep; null when the answer is undecided, refused or late, or repeats an earlier one
     */
    @Nullable
    @SuppressWarnings("ReferenceEquality") // a question that has changed is another object
    Reply decide(Interaction interaction, ClockReading now) {
        receipt = Receipts.repeated(interaction, answer, options);
        if (receipt == null && now.isOver(Wait.deadline(interaction))) {
            receipt = new Receipt.Expired(interaction.token(), now.time);
        }
        if (receipt != null || interaction.question() != question) {
            return null;
        }
        Receipt refusal = InteractionRules.refusal(interaction, options, now);
        receipt = refusal == null ? objection : refusal;
        if (receipt != null) {
            return null;
        }
        Reply reply = InteractionRules.reply(interaction, answer, options, now.time);
        boolean closes = InteractionRules.closes(interaction, answer);
        outcome = closes ? InteractionRules.outcome(interaction, reply, answer) : null;
        receipt = new Receipt.Accepted(interaction.token(), now.time, closes);
        return reply;
    }

    private @Nullable Receipt objection(
            Interaction interaction, ExecutionSnapshot at, FormCache forms, EngineLimits limits) {
        String seen = options.seen();
        Question asked = interaction.question();
        if (seen != null && asked != null && !seen.equals(Question.contextHash(asked.context()))) {
            return InteractionRules.stale(interaction, asked, at, seen);
        }
        List<Violation> violations = violations(forms, limits.maxStateBytes());
        return violations.isEmpty() ? null : new Receipt.Invalid(interaction.token(), violations);
    }

    private List<Violation> violations(FormCache forms, long maxBytes) {
        long most = maxBytes / InteractionRules.mostVotes(question);
        if (Json.weight(answer) > most) {
            return List.of(new Violation("$", "limit", "must hold at most " + most + " bytes"));
        }
        if (question == null || question.isCancelledBy(answer)) {
            return List.of();
        }
        List<Violation> violations = forms.violations(question.schema(), answer);
        return violations.isEmpty() ? InteractionRules.voteViolations(question, answer) : violations;
    }
}
