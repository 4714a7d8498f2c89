package io.flowscript.testkit.protocol;

import io.flowscript.core.runtime.FormValidator;
import io.flowscript.core.runtime.Violation;
import io.flowscript.json.protocol.ErrorCode;
import io.flowscript.language.forms.SchemaFormValidator;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The AsyncAPI document of the protocol and the schemas of its messages, as they are in the jar of flowscript-json: the one place where a message
 * is held against them. Safe for use by any thread.
 */
final class ProtocolDocument {

    private static final String FOLDER = "/META-INF/flowscript/protocol/";
    private static final FormValidator VALIDATOR = new SchemaFormValidator();

    /** Who says something. */
    enum Sender {
        /** A client. What it says may have fields that nobody knows. */
        CLIENT,
        /** The server. What it says has no field that the schema does not name. */
        SERVER;

        /** What the names of its messages begin with in the document. */
        String prefix() {
            return name().toLowerCase(Locale.ROOT) + ".";
        }
    }

    private final Map<String, @Nullable Object> document;
    private final Map<String, FormValidator.Form> forms = new TreeMap<>();

    /** Reads the document that is on the path of classes or modules. */
    ProtocolDocument() {
        document = resource("asyncapi.json");
        Map<String, Map<String, @Nullable Object>> files = new HashMap<>();
        messages().forEach((name, message) -> {
            String reference = payload(name);
            int pointer = reference.indexOf('#');
            boolean strict = name.startsWith(Sender.SERVER.prefix());
            Map<String, @Nullable Object> file =
                    files.computeIfAbsent(reference.substring(0, pointer), ProtocolDocument::resource);
            forms.put(name, VALIDATOR.compile(alone(file, reference.substring(pointer), strict)));
        });
    }

    /** The types of the messages of one side. */
    Set<String> types(Sender sender) {
        Set<String> types = new TreeSet<>();
        forms.keySet().stream()
                .filter(name -> name.startsWith(sender.prefix()))
                .forEach(name -> types.add(name.substring(sender.prefix().length())));
        return types;
    }

    /**
     * Holds a message against the schema of its type.
     *
     * @return what is wrong with it, empty for nothing
     */
    List<String> problems(Sender sender, @Nullable Object message) {
        Object type = message instanceof Map<?, ?> fields ? fields.get("type") : null;
        FormValidator.Form form = type == null ? null : forms.get(sender.prefix() + type);
        if (form == null) {
            return List.of(
                    "$.type is no message of a " + sender.prefix().replace(".", "") + ": " + JsonTexts.json(type));
        }
        return form.validate(message).stream().map(ProtocolDocument::told).toList();
    }

    /** The whole document. */
    Map<String, @Nullable Object> document() {
        return document;
    }

    /** The messages in it, by their names. */
    Map<String, @Nullable Object> messages() {
        return JsonTexts.object(
                JsonTexts.object(document.get("components"), "components").get("messages"), "messages");
    }

    /** Where the schema of a message is: a file beside the document, {@code #}, and a pointer. */
    String payload(String name) {
        Map<String, @Nullable Object> payload =
                JsonTexts.object(JsonTexts.object(messages().get(name), name).get("payload"), "payload");
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

    /** One part of a file as a schema of its own. */
    private static Map<String, @Nullable Object> alone(
            Map<String, @Nullable Object> file, String pointer, boolean strict) {
        Map<String, @Nullable Object> schema = new LinkedHashMap<>();
        schema.put("$schema", file.get("$schema"));
        schema.put("$ref", pointer);
        schema.put("$defs", strict ? closed(file.get("$defs")) : file.get("$defs"));
        return schema;
    }

    /** The same, but refusing what it does not name. */
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
