package io.flowscript.events.links;

import io.flowscript.core.FlowScriptException;
import io.flowscript.core.Identity;
import io.flowscript.core.interaction.AnswerOptions;
import io.flowscript.core.interaction.Interaction;
import io.flowscript.core.interaction.Receipt;
import io.flowscript.core.json.Json;
import io.flowscript.core.json.Value;
import io.flowscript.core.text.JsonText;
import io.flowscript.engine.FlowScript;
import org.jspecify.annotations.Nullable;

/**
 * Signs and opens links with which people can answer interactions, for example from a mail.
 *
 * <p>A link is a capability: its holder can answer one interaction, in one name, until a point in time, and nothing
 * else. It is signed with HMAC-SHA256 (RFC 2104). Its content can be read but not changed. The link is used up by the
 * answer that counts; a refused answer does not use it up.
 *
 * <p>Mail programs and scanners open links on their own. Therefore opening a link never answers the interaction, and a
 * page that answers must wait for a person's click. Put the link behind the {@code #} of the page's address: browsers
 * do not send that part to a server.
 *
 * <p>An instance holds only the keys; the engine knows which interactions are closed. Immutable; safe for use by any
 * thread.
 *
 * @since 0.1.0
 */
public final class AnswerLinks {

    /** The largest length of a link in characters. A link has only letters, digits and {@code . _ -}. */
    public static final int MAX_LENGTH = 2_000;

    private final LinkSignature signature;

    private AnswerLinks(LinkSignature signature) {
        this.signature = signature;
    }

    /**
     * Creates an instance that signs and opens links with a key.
     *
     * @param key 32 to 1,024 secret random bytes that are used for nothing else; copied
     * @return the instance
     * @throws FlowScriptException with code {@code invalid_setting} when the key is too short or too long
     */
    public static AnswerLinks signedWith(byte[] key) {
        return new AnswerLinks(LinkSignature.with(key));
    }

    /**
     * Returns a copy that also opens links signed with an older key. Use it to replace a key.
     *
     * @param oldKey 32 to 1,024 bytes; copied. Up to 8 older keys are possible.
     * @return the copy; it signs with the same key as this instance
     * @throws FlowScriptException with code {@code invalid_setting} when the key is too short or too long, or when
     *     there are too many keys
     */
    public AnswerLinks alsoAccepting(byte[] oldKey) {
        return new AnswerLinks(signature.alsoAccepting(oldKey));
    }

    /**
     * Signs a link.
     *
     * @param link what the link permits
     * @return the text to send; at most {@value #MAX_LENGTH} characters, none of which needs escaping in a URL
     * @throws FlowScriptException with code {@code link_too_long} when many groups or a long answer make it too long
     */
    public String sign(AnswerLink link) {
        String text = signature.sign(LinkText.write(link));
        if (text.length() > MAX_LENGTH) {
            throw new FlowScriptException(
                    "link_too_long",
                    "A link may have at most " + MAX_LENGTH + " characters; this one has " + text.length()
                            + ". Name fewer groups, or permit a shorter answer");
        }
        return text;
    }

    /**
     * Reads a link and finds its interaction. Changes nothing.
     *
     * @param flows the engine of the interaction
     * @param text the link
     * @return what the link permits, and the interaction as it is now, open or closed
     * @throws FlowScriptException with code {@code invalid_link} when the text was not signed with one of the keys;
     *     {@code link_expired} when its time is over by the engine's clock; {@code interaction_not_found} when the
     *     engine no longer remembers the interaction
     */
    public OpenedLink open(FlowScript flows, String text) {
        AnswerLink link = read(flows, text);
        Interaction interaction = flows.interactions()
                .find(link.token())
                .orElseThrow(() -> new FlowScriptException(
                        "interaction_not_found", "The engine no longer remembers the interaction of this link"));
        return new OpenedLink(link, interaction);
    }

    /**
     * Answers the interaction of a link. The person has seen what the link was created with.
     *
     * @param flows the engine of the interaction
     * @param text the link
     * @param answer any JSON value
     * @return the receipt, as for every answer; the same answer sent again gets the same receipt.
     *     {@link Receipt.Forbidden} when the link permits only another answer.
     * @throws FlowScriptException with code {@code invalid_link} or {@code link_expired}, as {@link #open}
     * @throws io.flowscript.core.json.JsonException with code {@code invalid_value} when {@code answer} is not a JSON
     *     value
     */
    public Receipt answer(FlowScript flows, String text, @Nullable Object answer) {
        return answer(flows, text, answer, null);
    }

    /**
     * Answers the interaction of a link. The person has seen a newer context than the link was created with.
     *
     * @param flows the engine of the interaction
     * @param text the link
     * @param answer any JSON value
     * @param seen the {@link io.flowscript.core.runtime.Question#contextHash} of what the person has seen; null for
     *     what the link was created with
     * @return the receipt, as for the other method of this name
     * @throws FlowScriptException with code {@code invalid_link} or {@code link_expired}, as {@link #open}
     * @throws io.flowscript.core.json.JsonException with code {@code invalid_value} when {@code answer} is not a JSON
     *     value
     */
    public Receipt answer(FlowScript flows, String text, @Nullable Object answer, @Nullable String seen) {
        AnswerLink link = read(flows, text);
        Object frozen = Json.freeze(answer);
        Value only = link.only();
        if (only != null && !JsonText.canonical(only.raw()).equals(JsonText.canonical(frozen))) {
            return new Receipt.Forbidden(
                    link.token(), "forbidden", "This link permits only one answer, and this is a different one");
        }
        Identity by = link.as().equals(Identity.ANONYMOUS) ? null : link.as();
        AnswerOptions options = new AnswerOptions(by, "link:" + link.id(), seen == null ? link.seen() : seen);
        return flows.interactions().answer(link.token(), frozen, options);
    }

    /** Verifies the signature before it reads anything else of the text. */
    private AnswerLink read(FlowScript flows, String text) {
        String signed = text.length() > MAX_LENGTH ? null : signature.verified(text);
        if (signed == null) {
            throw new FlowScriptException(
                    "invalid_link", "This link is not valid; check that it was copied completely");
        }
        AnswerLink link = LinkText.read(signed);
        if (!flows.clock().instant().isBefore(link.until())) {
            throw new FlowScriptException("link_expired", "This link expired at " + link.until());
        }
        return link;
    }
}
