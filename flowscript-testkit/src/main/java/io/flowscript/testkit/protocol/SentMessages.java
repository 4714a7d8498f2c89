package io.flowscript.testkit.protocol;

import io.flowscript.core.FlowScriptException;
import io.flowscript.testkit.protocol.ProtocolDocument.Sender;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The messages that one client has sent. Checks that the schema accepts what the server accepts, and refuses what the
 * server refuses as not being a message. For one thread.
 */
final class SentMessages {

    private static final Set<String> NO_MESSAGE = Set.of("invalid_message", "unknown_type", "invalid_json");

    private final Traffic traffic;
    private final List<Sent> sent = new ArrayList<>();

    SentMessages(Traffic traffic) {
        this.traffic = traffic;
    }

    private static final class Sent {

        private final @Nullable Object json;
        private final boolean fits;
        private boolean refused;

        Sent(@Nullable Object json, boolean fits) {
            this.json = json;
            this.fits = fits;
        }

        boolean isNamed(@Nullable Object id) {
            return json instanceof Map<?, ?> fields && id != null && id.equals(fields.get("id"));
        }
    }

    /**
     * Records a message.
     *
     * @param text the text as sent
     * @param fits whether it is valid for the schema even if the server refuses it
     */
    void sent(String text, boolean fits) {
        Object json;
        try {
            json = JsonTexts.read(text);
        } catch (FlowScriptException e) {
            return; // text that is not JSON cannot be checked against a schema
        }
        sent.add(new Sent(json, fits));
    }

    /** Records a message that the server sent to the client. */
    void told(@Nullable Object message) {
        if (message instanceof Map<?, ?> fields
                && "error".equals(fields.get("type"))
                && fields.get("data") instanceof Map<?, ?> data
                && data.get("code") instanceof String code
                && NO_MESSAGE.contains(code)) {
            for (int i = sent.size() - 1; i >= 0; i--) {
                if (fields.get("replyTo") == null || sent.get(i).isNamed(fields.get("replyTo"))) {
                    sent.get(i).refused = true;
                    return;
                }
            }
        }
    }

    /** Returns where schema and server disagree; null if they agree. */
    @Nullable
    String disagreement() {
        for (Sent one : sent) {
            List<String> problems = traffic.document().problems(Sender.CLIENT, one.json);
            if (!one.refused && !problems.isEmpty()) {
                return "the server accepted a message that violates its schema: " + JsonTexts.json(one.json) + "\n  "
                        + problems;
            }
            if (one.refused && problems.isEmpty() && !one.fits) {
                return "the server refused a message that is valid for its schema: " + JsonTexts.json(one.json);
            }
            if (!one.refused) {
                traffic.saw(Sender.CLIENT, one.json);
            }
        }
        return null;
    }
}
