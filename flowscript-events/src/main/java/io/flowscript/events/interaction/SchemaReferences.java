package io.flowscript.events.interaction;

import io.flowscript.core.json.Json;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Refuses references that lead out of a schema, before anything could try to follow them. */
final class SchemaReferences {

    private static final String DRAFTS = "json-schema.org/draft";

    private SchemaReferences() {}

    static void check(Object schema) {
        if (!(schema instanceof Map) && !(schema instanceof Boolean)) {
            throw SchemaFormValidator.invalid(
                    "it is a value of type " + Json.typeName(schema)
                            + "; a schema is an object such as {\"type\": \"object\"}, or a boolean",
                    null);
        }
        check(schema, "$");
    }

    private static void check(@Nullable Object value, String path) {
        if (value instanceof Map<?, ?> map) {
            map.forEach((key, entry) -> {
                String place = Violations.append(path, String.valueOf(key));
                boolean reference = key.equals("$ref") || key.equals("$dynamicRef") || key.equals("$recursiveRef");
                if (reference
                        && entry instanceof String target
                        && !target.startsWith("#")
                        && !target.contains(DRAFTS)) {
                    throw SchemaFormValidator.invalid(
                            "at " + place + ": \"" + Violations.bounded(target)
                                    + "\" lies outside of it; only its own parts can be referred to, as #/$defs/name",
                            null);
                }
                check(entry, place);
            });
        } else if (value instanceof List<?> items) {
            for (int i = 0; i < items.size(); i++) {
                check(items.get(i), path + "[" + i + "]");
            }
        }
    }
}
