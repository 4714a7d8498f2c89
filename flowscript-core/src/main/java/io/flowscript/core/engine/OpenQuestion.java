package io.flowscript.core.engine;

import io.flowscript.core.runtime.PauseToken;
import io.flowscript.core.runtime.Question;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A pause that waits for an answer.
 *
 * @param token names it
 * @param nodeName the stable name of the node that asks
 * @param question what is asked; null for a pause without a question
 * @param requestedAt when it was asked
 * @param deadline until when it can be answered, null for ever
 * @since 0.1.0
 */
public record OpenQuestion(
        PauseToken token,
        String nodeName,
        @Nullable Question question,
        Instant requestedAt,
        @Nullable Instant deadline) {}
