package io.flowscript.events.links;

import io.flowscript.core.FlowScriptException;
import io.flowscript.core.Identity;
import io.flowscript.core.engine.FlowScript;
import io.flowscript.core.interaction.AnswerOptions;
import io.flowscript.core.interaction.Interaction;
import io.flowscript.core.interaction.Receipt;
import io.flowscript.core.json.Json;
import io.flowscript.core.json.Value;
import io.flowscript.core.text.JsonText;
import org.jspecify.annotations.Nullable;

/**
 * Lets people answer by a link that a mail can carry. The link is a capability: who has it can answer the one question, in the one name, until its time
 * is over, and nothing else. It is signed (HMAC-SHA256, RFC 2104); what is in it can be read, but not changed. It is spent with the answer that counts;
 * an answer that is refused does not use it up.
 *
 * <p>Keep in mind that programs open the links of mails on their own account: to look at a link never answers it, and a page that does answer waits for a person's
 * click. Best is to put it behind the {@code #} of a page's address, which is sent to no server.
 *
 * <p>Holds the keys and nothing else: what is spent is known by the engine. Immutable; safe for use by any thread.
 *
 * @since 0.1.0
 */
public final class AnswerLinks {

    /** How long a link can be, in characters, all of them letters, digits and {@code . _ -}. */
    public static final int MAX_LENGTH = 2_000;

    private final LinkSignature signature;

    private AnswerLinks(LinkSignature signature) {
        this.signature = signature;
    }

    /**
     * Links that are signed with a key.
     *
     * @param key 32 to 1,024 random bytes, which nobody else knows and which are for nothing else
     * @return signs and opens links
     * @throws FlowScriptException with code {@code invalid_setting} when it is too short or too long
     */
    public static AnswerLinks signedWith(byte[] key) {
        return new AnswerLinks(LinkSignature.with(key));
    }

    /**
     * The same, and takes links that another key has signed, so that the key can be changed.
     *
     * @param oldKey 32 to 1,024 bytes; there can be up to 8 of them
     * @return signs as before, and opens more links
     * @throws FlowScriptException with code {@code invalid_setting} when it is too short or too long, or there are too many
     */
    public AnswerLinks alsoAccepting(byte[] oldKey) {
        return new AnswerLinks(signature.alsoAccepting(oldKey));
    }

    /**
     * Signs a link.
     *
     * @param link what it permits
     * @return the text to be sent, at most {@value #MAX_LENGTH} characters that need no escape in a URL
     * @throws FlowScriptException with code {@code link_too_long}, for many groups or a long answer
     */
    public String sign(AnswerLink link) {
        String text = signature.sign(LinkText.write(link));
        if (text.length() > MAX_LENGTH) {
            throw new FlowScriptException(
                    "link_too_long",
                    "A link has at most " + MAX_LENGTH + " characters, this one has " + text.length()
                            + ": name fewer groups, or let it answer with less");
        }
        return text;
    }

    /**
     * Looks at a question through a link. Changes nothing.
     *
     * @param flows the engine that asks
     * @param text the link
     * @return what it permits, and the question as it is now, open or closed
     * @throws FlowScriptException with code {@code invalid_link} for whatever was not signed with a key of these, {@code link_expired} when its time is
     *     over by the engine's clock, {@code interaction_not_found} when the question is not remembered any more
     */
    public OpenedLink open(FlowScript flows, String text) {
        AnswerLink link = read(flows, text);
        Interaction interaction = flows.interactions()
                .find(link.token())
                .orElseThrow(() -> new FlowScriptException(
                        "interaction_not_found", "The question of this link is not remembered any more"));
        return new OpenedLink(link, interaction);
    }

    /**
     * Answers by a link, for somebody who saw what the link was made with.
     *
     * @param flows the engine that asks
     * @param text the link
     * @param answer any JSON value
     * @return what became of it, as of any answer; the same answer again gets the same receipt. {@link Receipt.Forbidden} when the link is for another
     *     answer
     * @throws FlowScriptException with code {@code invalid_link} or {@code link_expired}, as {@link #open}
     * @throws io.flowscript.core.json.JsonException with code {@code invalid_value} when the answer is not JSON
     */
    public Receipt answer(FlowScript flows, String text, @Nullable Object answer) {
        return answer(flows, text, answer, null);
    }

    /**
     * Answers by a link, for somebody who has looked again.
     *
     * @param flows the engine that asks
     * @param text the link
     * @param answer any JSON value
     * @param seen the {@link io.flowscript.core.runtime.Question#contextHash} of what they saw; null for what the link was made with
     * @return what became of it
     * @throws FlowScriptException with code {@code invalid_link} or {@code link_expired}, as {@link #open}
     * @throws io.flowscript.core.json.JsonException with code {@code invalid_value} when the answer is not JSON
     */
    public Receipt answer(FlowScript flows, String text, @Nullable Object answer, @Nullable String seen) {
        AnswerLink link = read(flows, text);
        Object frozen = Json.freeze(answer);
        Value only = link.only();
        if (only != null && !JsonText.canonical(only.raw()).equals(JsonText.canonical(frozen))) {
            return new Receipt.Forbidden(
                    link.token(), "forbidden", "This link is for one answer alone, and this is another");
        }
        Identity by = link.as().equals(Identity.ANONYMOUS) ? null : link.as();
        AnswerOptions options = new AnswerOptions(by, "link:" + link.id(), seen == null ? link.seen() : seen);
        return flows.interactions().answer(link.token(), frozen, options);
    }

    /** Nothing of a text is looked at before it is known that it was signed here. */
    private AnswerLink read(FlowScript flows, String text) {
        String signed = text.length() > MAX_LENGTH ? null : signature.signed(text);
        if (signed == null) {
            throw new FlowScriptException(
                    "invalid_link", "This link is not valid; perhaps it was not copied as a whole");
        }
        AnswerLink link = LinkText.read(signed);
        if (!flows.clock().instant().isBefore(link.until())) {
            throw new FlowScriptException("link_expired", "The time of this link was over at " + link.until());
        }
        return link;
    }
}
