package io.flowscript.testkit.protocol;

import io.flowscript.core.runtime.FormValidator;
import io.flowscript.core.runtime.Violation;
import io.flowscript.json.protocol.ErrorCode;
import io.flowscript.language.forms.SchemaFormValidator;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The AsyncAPI document of the protocol and the schemas of its messages, from the jar of flowscript-json. All checks
 * of messages against schemas are here. Safe for use by any thread.
 */
final class ProtocolDocument {

    private static final String FOLDER = "/META-INF/flowscript/protocol/";
    private static final FormValidator VALIDATOR = new SchemaFormValidator();

    /** The sender of a message. */
    enum Sender {
        /** A client. Its messages may have unknown fields. */
        CLIENT,
        /** The server. Its messages have only fields that the schema names. */
        SERVER;

        /** Returns the prefix of its message names in the document. */
        String prefix() {
            return name().toLowerCase(Locale.ROOT) + ".";
        }
    }

    private static final ProtocolDocument DOCUMENT = new ProtocolDocument();

    private final Map<String, @Nullable Object> document = resource("asyncapi.json");
    private final Map<String, @Nullable Object> messages = JsonTexts.object(
            JsonTexts.object(document.get("components"), "components").get("messages"), "messages");

    /** The schemas of the messages that were checked, by name. Each takes its time to compile. */
    private final Map<String, FormValidator.Form> forms = new ConcurrentHashMap<>();

    private ProtocolDocument() {}

    /** Returns the document. It was read from the class path or module path. */
    static ProtocolDocument get() {
        return DOCUMENT;
    }

    private FormValidator.Form compile(String name) {
        String reference = payload(name);
        int pointer = reference.indexOf('#');
        boolean strict = name.startsWith(Sender.SERVER.prefix());
        return VALIDATOR.compile(
                alone(resource(reference.substring(0, pointer)), reference.substring(pointer), strict));
    }

    /** Returns the message types of one side. */
    Set<String> types(Sender sender) {
        Set<String> types = new TreeSet<>();
        messages.keySet().stream()
                .filter(name -> name.startsWith(sender.prefix()))
                .forEach(name -> types.add(name.substring(sender.prefix().length())));
        return types;
    }

    /**
     * Checks a message against the schema of its type.
     *
     * @return the violations; empty if there are none
     */
    List<String> problems(Sender sender, @Nullable Object message) {
        Object type = message instanceof Map<?, ?> fields ? fields.get("type") : null;
        String name = sender.prefix() + type;
        if (!messages.containsKey(name)) {
            return List.of(
                    "$.type is no message of a " + sender.prefix().replace(".", "") + ": " + JsonTexts.json(type));
        }
        return forms.computeIfAbsent(name, this::compile).validate(message).stream()
                .map(ProtocolDocument::told)
                .toList();
    }

    /** Returns the whole document. */
    Map<String, @Nullable Object> document() {
        return document;
    }

    /** Returns its messages by name. */
    Map<String, @Nullable Object> messages() {
        return messages;
    }

    /** Returns the location of a message's schema: a file beside the document, {@code #}, and a pointer. */
    String payload(String name) {
        Map<String, @Nullable Object> payload =
                JsonTexts.object(JsonTexts.object(messages.get(name), name).get("payload"), "payload");
        return String.valueOf(JsonTexts.object(payload.get("schema"), "schema").get("$ref"));
    }

    static Map<String, @Nullable Object> resource(String name) {
        try (InputStream in = Objects.requireNonNull(ErrorCode.class.getResourceAsStream(FOLDER + name), name)) {
            return JsonTexts.object(JsonTexts.read(new String(in.readAllBytes(), StandardCharsets.UTF_8)), name);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String told(Violation violation) {
        return violation.path() + " " + violation.message();
    }

    /** Returns a part of a file as a schema of its own. */
    private static Map<String, @Nullable Object> alone(
            Map<String, @Nullable Object> file, String pointer, boolean strict) {
        Map<String, @Nullable Object> schema = new LinkedHashMap<>();
        schema.put("$schema", file.get("$schema"));
        schema.put("$ref", pointer);
        schema.put("$defs", strict ? closed(file.get("$defs")) : file.get("$defs"));
        return schema;
    }

    /** Returns a copy of a schema that refuses unknown fields. */
    private static @Nullable Object closed(@Nullable Object schema) {
        if (schema instanceof List<?> list) {
            return list.stream().map(ProtocolDocument::closed).toList();
        }
        if (!(schema instanceof Map<?, ?> object)) {
            return schema;
        }
        Map<String, @Nullable Object> closed = new LinkedHashMap<>();
        object.forEach((key, value) -> closed.put((String) key, closed(value)));
        if (object.get("properties") instanceof Map) {
            closed.put("additionalProperties", false);
        }
        return closed;
    }
}
