package io.flowscript.core.interaction;

import io.flowscript.core.FlowScriptException;
import io.flowscript.core.Identity;
import org.jspecify.annotations.Nullable;

/**
 * Who answers, what they saw, and under which idempotency key.
 *
 * @param by who; null when nobody is to be named
 * @param idempotencyKey the same answer with the same key and identity gets the same receipt again; 1 to 256
 *     characters, null for none
 * @param seen the {@link io.flowscript.core.runtime.Question#contextHash} of what they saw when they answered: when something else is shown by now, the
 *     answer is {@link Receipt.Stale}; null to answer whatever is shown
 * @since 0.1.0
 */
public record AnswerOptions(
        @Nullable Identity by,
        @Nullable String idempotencyKey,
        @Nullable String seen) {

    /** Nobody is named and there is no key. */
    public static final AnswerOptions NONE = new AnswerOptions(null, null, null);

    /**
     * Checks the key.
     *
     * @param by who, or null
     * @param idempotencyKey 1 to 256 characters, or null
     * @param seen the hash of what they saw, or null
     * @throws FlowScriptException with code {@code invalid_idempotency_key}
     */
    public AnswerOptions {
        if (idempotencyKey != null && (idempotencyKey.isEmpty() || idempotencyKey.length() > 256)) {
            throw new FlowScriptException("invalid_idempotency_key", "An idempotency key has 1 to 256 characters");
        }
    }

    /**
     * Somebody answers.
     *
     * @param who who
     * @return the options
     */
    public static AnswerOptions by(Identity who) {
        return new AnswerOptions(who, null, null);
    }

    /**
     * The same under a key.
     *
     * @param key 1 to 256 characters
     * @return the options
     */
    public AnswerOptions idempotencyKey(String key) {
        return new AnswerOptions(by, key, seen);
    }

    /**
     * The same for somebody who saw this.
     *
     * @param contextHash as it came with the question
     * @return the options
     */
    public AnswerOptions seen(String contextHash) {
        return new AnswerOptions(by, idempotencyKey, contextHash);
    }
}
