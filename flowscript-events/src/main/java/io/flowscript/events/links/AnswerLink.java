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
 * What a link permits: one person may answer one interaction until a point in time. {@link AnswerLinks#sign} turns it
 * into a text that can be sent. Immutable.
 *
 * @param id the id of the link, 1 to 64 characters; it is also the idempotency key of the answer
 * @param token the interaction
 * @param as the person in whose name the link answers; {@link Identity#ANONYMOUS} for no particular person
 * @param until the time from which on the link is no longer accepted, in whole milliseconds
 * @param seen the {@link Question#contextHash} of what the person is shown together with the link. If the interaction
 *     shows something else by the time of the answer, the answer is stale. Null accepts the answer whatever is shown.
 * @param only the only answer that the link permits; null permits any answer
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
    private static final Instant UNTIL_LIMIT = Instant.parse("+10000-01-01T00:00:00Z");
    private static final SecureRandom RANDOM = new SecureRandom();

    /**
     * Creates a link; {@code until} is truncated to milliseconds.
     *
     * @param id 1 to 64 characters
     * @param token the interaction
     * @param as the person
     * @param until the end of the link's validity, before the year 10000
     * @param seen the hash of what the person is shown; null for none
     * @param only the only permitted answer; null for any
     * @throws FlowScriptException with code {@code invalid_link} when {@code id} or {@code until} is out of range
     */
    public AnswerLink {
        Objects.requireNonNull(token, "token");
        Objects.requireNonNull(as, "as");
        if (id.isEmpty() || id.length() > MAX_ID_LENGTH) {
            throw new FlowScriptException(
                    "invalid_link",
                    "The id of a link must have 1 to " + MAX_ID_LENGTH + " characters, not " + id.length());
        }
        if (!until.isBefore(UNTIL_LIMIT)) {
            throw new FlowScriptException(
                    "invalid_link", "A link must end before " + UNTIL_LIMIT + ", not at " + until);
        }
        until = until.truncatedTo(ChronoUnit.MILLIS);
    }

    /**
     * Creates a link with which a person can answer an interaction as it is shown now.
     *
     * @param interaction the interaction
     * @param as the person who may answer; {@link Identity#ANONYMOUS} for anyone who has the link
     * @param until the time from which on the link is no longer accepted; the interaction's own deadline applies too
     * @return the link, with a new random id
     * @throws FlowScriptException with code {@code invalid_link} when {@code until} is out of range
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
     * Returns a copy that permits only one answer, for example a link labelled "approve".
     *
     * @param answer any JSON value
     * @return the restricted link
     * @throws io.flowscript.core.json.JsonException with code {@code invalid_value} when {@code answer} is not a JSON
     *     value
     */
    public AnswerLink onlyAnswering(@Nullable Object answer) {
        return new AnswerLink(id, token, as, until, seen, Value.of(answer));
    }

    /**
     * Returns a copy for a person who is shown something else together with the link.
     *
     * @param contextHash the {@link Question#contextHash} of what is shown; null accepts the answer whatever is shown
     * @return the changed link
     */
    public AnswerLink seen(@Nullable String contextHash) {
        return new AnswerLink(id, token, as, until, contextHash, only);
    }
}
