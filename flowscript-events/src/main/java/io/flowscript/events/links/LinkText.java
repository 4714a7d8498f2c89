package io.flowscript.events.links;

import io.flowscript.core.FlowScriptException;
import io.flowscript.core.Identity;
import io.flowscript.core.json.Json;
import io.flowscript.core.json.Value;
import io.flowscript.core.runtime.PauseToken;
import io.flowscript.json.codec.JsonReader;
import io.flowscript.json.codec.JsonWriter;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The text form of a link's content: the format version, a dot, and a JSON object in the Base64 alphabet for URLs (RFC
 * 4648, section 5). It is read only after its signature was verified. Stateless.
 */
final class LinkText {

    private static final String VERSION = "1.";
    private static final JsonReader JSON = new JsonReader(Json.MAX_DEPTH + 1);

    private LinkText() {}

    static String write(AnswerLink link) {
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        fields.put("id", link.id());
        fields.put("execution", link.token().executionId());
        fields.put("node", link.token().nodeId());
        fields.put("token", link.token().tokenId());
        fields.put("as", link.as().name());
        if (!link.as().groups().isEmpty()) {
            fields.put("groups", link.as().groups().stream().sorted().toList());
        }
        fields.put("until", link.until().toEpochMilli());
        if (link.seen() != null) {
            fields.put("seen", link.seen());
        }
        Value only = link.only();
        if (only != null) {
            fields.put("only", only.raw());
        }
        return VERSION + Base64.getUrlEncoder().withoutPadding().encodeToString(JsonWriter.writeExact(fields));
    }

    static AnswerLink read(String text) {
        if (!text.startsWith(VERSION)) {
            throw new FlowScriptException(
                    "invalid_link", "This link has an unknown format version; a newer FlowScript has signed it");
        }
        try {
            return content(text);
        } catch (RuntimeException garbage) {
            throw new FlowScriptException(
                    "invalid_link", "This link is not valid: it is signed, but its content is not that of a link");
        }
    }

    private static AnswerLink content(String text) {
        byte[] json = Base64.getUrlDecoder().decode(text.substring(VERSION.length()));
        Value fields = Value.of(JSON.read(ByteBuffer.wrap(json)));
        Value groups = fields.get("groups");
        Value seen = fields.get("seen");
        Value only = fields.get("only");
        return new AnswerLink(
                fields.get("id").asString(),
                new PauseToken(
                        fields.get("execution").asString(),
                        fields.get("node").asString(),
                        fields.get("token").asString()),
                Identity.of(
                        fields.get("as").asString(),
                        groups.orElse(List.of()).asList().stream()
                                .map(Value::asString)
                                .toArray(String[]::new)),
                Instant.ofEpochMilli(fields.get("until").asLong()),
                seen.isMissing() ? null : seen.asString(),
                only.isMissing() ? null : Value.of(only.raw()));
    }
}
