package io.flowscript.core.interaction;

import io.flowscript.core.Identity;
import io.flowscript.core.runtime.PauseToken;
import io.flowscript.core.runtime.Violation;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What became of an answer. Exactly one answer to a question is {@link Accepted}, or one of each person where several
 * are needed; everybody else learns why theirs was not.
 * The same answer with the same idempotency key gets the same receipt again.
 *
 * @since 0.1.0
 */
public sealed interface Receipt {

    /** {@return the stable code: {@code accepted}, {@code validation_failed}, {@code already_resolved}, ...} */
    String code();

    /**
     * It counts.
     *
     * @param token the question
     * @param at when
     * @param closes whether the execution goes on with it; false when more answers are needed
     */
    record Accepted(PauseToken token, Instant at, boolean closes) implements Receipt {
        @Override
        public String code() {
            return "accepted";
        }
    }

    /**
     * It breaks the form's schema; the question is still open.
     *
     * @param token the question
     * @param violations every violation, at least one
     */
    record Invalid(PauseToken token, List<Violation> violations) implements Receipt {
        public Invalid {
            violations = List.copyOf(violations);
        }

        @Override
        public String code() {
            return "validation_failed";
        }
    }

    /**
     * Another answer was first.
     *
     * @param token the question
     * @param by who gave it; null when nobody said
     * @param at when
     */
    record AlreadyResolved(PauseToken token, @Nullable Identity by, Instant at) implements Receipt {
        @Override
        public String code() {
            return "already_resolved";
        }
    }

    /**
     * Its deadline was first.
     *
     * @param token the question
     * @param at when
     */
    record Expired(PauseToken token, Instant at) implements Receipt {
        @Override
        public String code() {
            return "expired";
        }
    }

    /**
     * The question was withdrawn, or the execution ended otherwise.
     *
     * @param token the question
     * @param at when
     */
    record Cancelled(PauseToken token, Instant at) implements Receipt {
        @Override
        public String code() {
            return "execution_finished";
        }
    }

    /**
     * This person may not answer it, or not now. The question is still open.
     *
     * @param token the question
     * @param code {@code forbidden}, or {@code already_claimed} when somebody else has it
     * @param message why, for people
     */
    record Forbidden(PauseToken token, String code, String message) implements Receipt {}

    /**
     * Something else is shown by now than this person saw. The question is still open: the answer can be given again once they have seen it.
     *
     * @param token the question
     * @param seen what they saw; null when it is not remembered
     * @param shown what is shown now, null for nothing
     * @param contextHash the hash of that, to answer with; null when nothing is shown
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

    /** There is no such question, nor was there one that is still remembered. */
    record NotFound() implements Receipt {
        @Override
        public String code() {
            return "interaction_not_found";
        }
    }

    /**
     * The idempotency key was used before, with another answer. Nothing changed.
     *
     * @param token the question
     */
    record Conflict(PauseToken token) implements Receipt {
        @Override
        public String code() {
            return "idempotency_conflict";
        }
    }
}
