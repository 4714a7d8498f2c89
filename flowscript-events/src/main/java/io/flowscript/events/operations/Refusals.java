package io.flowscript.events.operations;

import io.flowscript.core.Identity;
import io.flowscript.core.bridge.Redaction;
import io.flowscript.core.interaction.Interaction;
import io.flowscript.core.interaction.Interactions;
import io.flowscript.core.interaction.Receipt;
import io.flowscript.core.runtime.InvalidInputException;
import io.flowscript.core.runtime.Question;
import io.flowscript.core.runtime.Violation;
import io.flowscript.json.protocol.ErrorCode;
import io.flowscript.json.protocol.ResourceView;
import io.flowscript.json.protocol.ShownChanges;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Converts the receipt of an answer that was not accepted into an exception for the client. Stateless. */
final class Refusals {

    private Refusals() {}

    /**
     * Creates the exception for a receipt.
     *
     * @param receipt any but an accepted one
     * @param interactions finds out who has claimed the interaction
     * @param key how the message names the idempotency key
     * @param redaction what is hidden from the client
     */
    // The nullness of type arguments elsewhere is not in the class files that JDK 17 reads.
    @SuppressWarnings("NullAway")
    static OperationException of(Receipt receipt, Interactions interactions, String key, Redaction redaction) {
        if (receipt instanceof Receipt.Invalid invalid) {
            List<Violation> violations = invalid.violations();
            return refusal(
                    receipt,
                    "The answer does not fit the form: " + Violation.summary(violations)
                            + "; the interaction is still open",
                    "violations",
                    members(violations));
        }
        if (receipt instanceof Receipt.AlreadyResolved resolved) {
            Identity by = resolved.by();
            String name = by == null || Redactions.hidesPeople(redaction) ? null : by.name();
            String who = name == null ? "" : " by " + name;
            return refusal(
                    receipt,
                    "The interaction was answered before" + who + ", at " + ResourceView.time(resolved.at()),
                    "by",
                    name,
                    "at",
                    resolved.at());
        }
        if (receipt instanceof Receipt.Expired expired) {
            return refusal(
                    receipt,
                    "The interaction's deadline passed at " + ResourceView.time(expired.at()),
                    "at",
                    expired.at());
        }
        if (receipt instanceof Receipt.Cancelled cancelled) {
            return refusal(
                    receipt,
                    "The interaction was withdrawn at " + ResourceView.time(cancelled.at()),
                    "at",
                    cancelled.at());
        }
        if (receipt instanceof Receipt.Forbidden forbidden) {
            boolean isClaimed = forbidden.code().equals(ErrorCode.ALREADY_CLAIMED.id());
            return isClaimed && Redactions.hidesPeople(redaction)
                    ? claimed()
                    : refusal(receipt, forbidden.message(), "claim", claim(forbidden, interactions));
        }
        if (receipt instanceof Receipt.Stale stale) {
            Map<String, @Nullable Object> shown = Redactions.context(redaction, stale.shown());
            Map<String, @Nullable Object> seen = Redactions.context(redaction, stale.seen());
            return refusal(
                    receipt,
                    "What is shown has changed since; look at it again, and answer with its contextHash",
                    "contextData",
                    shown,
                    "contextHash",
                    Question.contextHash(shown),
                    "seenData",
                    seen,
                    "changes",
                    seen == null ? null : ShownChanges.between(seen, shown));
        }
        if (receipt instanceof Receipt.Conflict) {
            return refusal(
                    receipt,
                    "This " + key
                            + " was used before with another answer; nothing has changed. Use a new one for a new answer");
        }
        return noInteraction();
    }

    /** Creates the exception for an input that does not fit the form of its workflow. */
    static OperationException of(InvalidInputException invalid) {
        return new OperationException(
                ErrorCode.VALIDATION_FAILED,
                String.valueOf(invalid.getMessage()),
                Map.of("violations", members(invalid.violations())),
                invalid);
    }

    /** Creates the exception for an interaction that somebody has claimed whose name is hidden. */
    static OperationException claimed() {
        return new OperationException(ErrorCode.ALREADY_CLAIMED, "Somebody else has claimed the interaction");
    }

    static OperationException noInteraction() {
        return new OperationException(
                ErrorCode.INTERACTION_NOT_FOUND,
                "There is no such interaction in this execution; its status lists the open ones");
    }

    private static OperationException refusal(Receipt receipt, String message, @Nullable Object... namesAndValues) {
        Map<String, @Nullable Object> details = new LinkedHashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            details.put(String.valueOf(namesAndValues[i]), namesAndValues[i + 1]);
        }
        return new OperationException(ErrorCode.of(receipt.code()).orElse(ErrorCode.INTERNAL), message, details, null);
    }

    private static Interaction.@Nullable Claim claim(Receipt.Forbidden forbidden, Interactions interactions) {
        return forbidden.code().equals(ErrorCode.ALREADY_CLAIMED.id())
                ? interactions.find(forbidden.token()).map(Interaction::claim).orElse(null)
                : null;
    }

    private static List<Map<String, String>> members(List<Violation> violations) {
        return violations.stream().map(Refusals::violation).toList();
    }

    private static Map<String, String> violation(Violation violation) {
        Map<String, String> members = new LinkedHashMap<>();
        members.put("path", violation.path());
        members.put("message", violation.message());
        members.put("keyword", violation.keyword());
        return members;
    }
}
