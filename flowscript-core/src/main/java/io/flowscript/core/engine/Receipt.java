package io.flowscript.core.engine;

import io.flowscript.core.Identity;
import io.flowscript.core.runtime.PauseToken;
import io.flowscript.core.runtime.Violation;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What became of an answer. Exactly one answer to a question is {@link Accepted}; everybody else learns why theirs was not.
 * The same answer with the same idempotency key gets the same receipt again.
 *
 * @since 0.1.0
 */
public sealed interface Receipt {

    /** {@return the stable code: {@code accepted}, {@code validation_failed}, {@code already_resolved}, ...} */
    String code();

    /**
     * It counts; the execution goes on with it.
     *
     * @param token the question
     * @param at when
     */
    record Accepted(PauseToken token, Instant at) implements Receipt {
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
