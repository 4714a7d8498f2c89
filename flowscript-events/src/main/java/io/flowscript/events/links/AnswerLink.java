package io.flowscript.events.links;

import io.flowscript.core.FlowScriptException;
import io.flowscript.core.Identity;
import io.flowscript.core.interaction.Interaction;
import io.flowscript.core.json.Value;
import io.flowscript.core.runtime.PauseToken;
import io.flowscript.core.runtime.Question;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a link permits: one person to answer one question, until a time. {@link AnswerLinks#sign} makes a text of it that can be sent. Immutable.
 *
 * @param id names the link, and is the idempotency key of what it answers; 1 to 64 characters
 * @param token the question
 * @param as the person in whose name it answers; {@link Identity#ANONYMOUS} for nobody's
 * @param until the moment from which on it is not taken any more, in whole milliseconds
 * @param seen the {@link Question#contextHash} of what the person is shown together with the link: when something else is shown by the time of the answer,
 *     that is stale; null to answer whatever is shown
 * @param only the one answer that can be given by it; null for any
 * @since 0.1.0
 */
public record AnswerLink(
        String id,
        PauseToken token,
        Identity as,
        Instant until,
        @Nullable String seen,
        @Nullable Value only) {

    private static final int MAX_ID_LENGTH = 64;
    private static final int ID_BYTES = 12;
    private static final Instant END_OF_TIME = Instant.parse("+10000-01-01T00:00:00Z");
    private static final SecureRandom RANDOM = new SecureRandom();

    /**
     * Cuts the time to milliseconds.
     *
     * @param id 1 to 64 characters
     * @param token the question
     * @param as the person
     * @param until the end of its time, before the year 10000
     * @param seen the hash of what the person is shown, or null
     * @param only the one answer, or null
     * @throws FlowScriptException with code {@code invalid_link} when a bound is broken
     */
    public AnswerLink {
        Objects.requireNonNull(token, "token");
        Objects.requireNonNull(as, "as");
        if (id.isEmpty() || id.length() > MAX_ID_LENGTH) {
            throw new FlowScriptException(
                    "invalid_link", "The id of a link has 1 to " + MAX_ID_LENGTH + " characters, not " + id.length());
        }
        if (!until.isBefore(END_OF_TIME)) {
            throw new FlowScriptException("invalid_link", "A link ends before " + END_OF_TIME + ", not at " + until);
        }
        until = until.truncatedTo(ChronoUnit.MILLIS);
    }

    /**
     * A link by which somebody can answer a question as it is shown now.
     *
     * @param interaction the question
     * @param as who is to answer; {@link Identity#ANONYMOUS} for whoever has the link
     * @param until the moment from which on the link is not taken any more; the question's own deadline holds besides
     * @return the link, with a new id
     */
    public static AnswerLink to(Interaction interaction, Identity as, Instant until) {
        byte[] id = new byte[ID_BYTES];
        RANDOM.nextBytes(id);
        Question question = interaction.question();
        return new AnswerLink(
                Base64.getUrlEncoder().encodeToString(id),
                interaction.token(),
                as,
                until,
                question == null ? null : Question.contextHash(question.context()),
                null);
    }

    /**
     * The same for one answer alone, such as a link that says "approve".
     *
     * @param answer any JSON value
     * @return the narrower link
     * @throws io.flowscript.core.json.JsonException with code {@code invalid_value} when it is not JSON
     */
    public AnswerLink onlyAnswering(@Nullable Object answer) {
        return new AnswerLink(id, token, as, until, seen, Value.of(answer));
    }

    /**
     * The same for somebody who is shown something else together with the link, or nothing.
     *
     * @param contextHash the {@link Question#contextHash} of that; null to answer whatever is shown
     * @return the other link
     */
    public AnswerLink seen(@Nullable String contextHash) {
        return new AnswerLink(id, token, as, until, contextHash, only);
    }
}
