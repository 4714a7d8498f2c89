package io.flowscript.core.interaction;

import io.flowscript.core.Identity;
import io.flowscript.core.runtime.PauseToken;
import io.flowscript.core.runtime.Violation;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The result of answering an interaction. Exactly one answer is {@link Accepted}, or one from each person when the
 * question has a quorum. Every other receipt tells why the answer was not accepted. The same answer with the same
 * idempotency key gets the same receipt again.
 *
 * @since 0.1.0
 */
public sealed interface Receipt {

    /** {@return the stable code: {@code accepted}, {@code validation_failed}, {@code already_resolved}, ...} */
    String code();

    /**
     * The answer was accepted.
     *
     * @param token the token of the interaction
     * @param at the time at which this happened
     * @param closes true if the answer closed the interaction, so that the execution continues; false if more votes
     *     are needed
     */
    record Accepted(PauseToken token, Instant at, boolean closes) implements Receipt {
        @Override
        public String code() {
            return "accepted";
        }
    }

    /**
     * The answer is not valid against the form's schema. The interaction stays open.
     *
     * @param token the token of the interaction
     * @param violations every violation, at least one
     */
    record Invalid(PauseToken token, List<Violation> violations) implements Receipt {
        /**
         * Copies the violations.
         *
         * @param token the token of the interaction
         * @param violations every violation, at least one
         */
        public Invalid {
            violations = List.copyOf(violations);
        }

        @Override
        public String code() {
            return "validation_failed";
        }
    }

    /**
     * The interaction was already closed by another answer.
     *
     * @param token the token of the interaction
     * @param by the identity of the person who gave that answer; null when it is not known
     * @param at the time at which this happened
     */
    record AlreadyResolved(PauseToken token, @Nullable Identity by, Instant at) implements Receipt {
        @Override
        public String code() {
            return "already_resolved";
        }
    }

    /**
     * The interaction was closed by its deadline.
     *
     * @param token the token of the interaction
     * @param at the time at which this happened
     */
    record Expired(PauseToken token, Instant at) implements Receipt {
        @Override
        public String code() {
            return "expired";
        }
    }

    /**
     * The interaction was cancelled, or its execution ended without an answer.
     *
     * @param token the token of the interaction
     * @param at the time at which this happened
     */
    record Cancelled(PauseToken token, Instant at) implements Receipt {
        @Override
        public String code() {
            return "execution_finished";
        }
    }

    /**
     * The person may not answer, or not now. The interaction stays open.
     *
     * @param token the token of the interaction
     * @param code {@code forbidden}, or {@code already_claimed} when another person holds the claim
     * @param message the reason, as text for people
     */
    record Forbidden(PauseToken token, String code, String message) implements Receipt {}

    /**
     * The data shown with the interaction has changed since the person saw it. The interaction stays open. The person
     * can answer again after seeing the new data.
     *
     * @param token the token of the interaction
     * @param seen the data that the person saw; null when it is no longer remembered
     * @param shown the data that is shown now; null when nothing is shown
     * @param contextHash the hash of {@code shown}, to send with the next answer; null when nothing is shown
     */
    record Stale(
            PauseToken token,
            @Nullable Map<String, @Nullable Object> seen,
            @Nullable Map<String, @Nullable Object> shown,
            @Nullable String contextHash)
            implements Receipt {
        @Override
        public String code() {
            return "stale";
        }
    }

    /** The interaction does not exist or is no longer remembered. */
    record NotFound() implements Receipt {
        @Override
        public String code() {
            return "interaction_not_found";
        }
    }

    /**
     * The idempotency key was already used with another answer. Nothing changed.
     *
     * @param token the token of the interaction
     */
    record Conflict(PauseToken token) implements Receipt {
        @Override
        public String code() {
            return "idempotency_conflict";
        }
    }
}
