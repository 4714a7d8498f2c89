package io.flowscript.core.interaction;

import io.flowscript.core.FlowScriptException;
import io.flowscript.core.Identity;
import org.jspecify.annotations.Nullable;

/**
 * Optional details of an answer: the person who answers, the data the person saw, and an idempotency key.
 *
 * @param by the identity of the person who answers; null when it is not known
 * @param idempotencyKey the key that makes repeating safe: the same answer with the same key and identity gets the
 *     same receipt again; 1 to 256 characters, or null for none
 * @param seen the {@link io.flowscript.core.runtime.Question#contextHash} of the data that the person saw. If other
 *     data is shown now, the receipt is {@link Receipt.Stale}. Null skips this check.
 * @since 0.1.0
 */
public record AnswerOptions(
        @Nullable Identity by,
        @Nullable String idempotencyKey,
        @Nullable String seen) {

    /** No identity, no key and no check of the data seen. */
    public static final AnswerOptions NONE = new AnswerOptions(null, null, null);

    /**
     * Checks the key.
     *
     * @param by the identity of the person who answers, or null
     * @param idempotencyKey 1 to 256 characters, or null
     * @param seen the hash of the data that the person saw, or null
     * @throws FlowScriptException with code {@code invalid_idempotency_key}
     */
    public AnswerOptions {
        if (idempotencyKey != null && (idempotencyKey.isEmpty() || idempotencyKey.length() > 256)) {
            throw new FlowScriptException("invalid_idempotency_key", "An idempotency key has 1 to 256 characters");
        }
    }

    /**
     * Returns options with the identity of the person who answers.
     *
     * @param who the identity
     * @return the options
     */
    public static AnswerOptions by(Identity who) {
        return new AnswerOptions(who, null, null);
    }

    /**
     * Returns a copy of these options with an idempotency key.
     *
     * @param key 1 to 256 characters
     * @return the options
     */
    public AnswerOptions idempotencyKey(String key) {
        return new AnswerOptions(by, key, seen);
    }

    /**
     * Returns a copy of these options with the hash of the data that the person saw.
     *
     * @param contextHash the hash that came with the interaction
     * @return the options
     */
    public AnswerOptions seen(String contextHash) {
        return new AnswerOptions(by, idempotencyKey, contextHash);
    }
}
