package io.flowscript.language.forms;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Converts plain values to the tree that the schema library reads. */
final class JsonNodes {

    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private JsonNodes() {}

    static JsonNode of(@Nullable Object value) {
        if (value == null) {
            return NODES.nullNode();
        }
        if (value instanceof String text) {
            return NODES.stringNode(text);
        }
        if (value instanceof Boolean flag) {
            return NODES.booleanNode(flag);
        }
        if (value instanceof Map<?, ?> entries) {
            ObjectNode object = NODES.objectNode();
            entries.forEach((key, entry) -> object.set((String) key, of(entry)));
            return object;
        }
        if (value instanceof List<?> items) {
            ArrayNode array = NODES.arrayNode(items.size());
            items.forEach(item -> array.add(of(item)));
            return array;
        }
        return number((Number) value);
    }

    private static JsonNode number(Number number) {
        if (number instanceof Integer integer) {
            return NODES.numberNode(integer);
        }
        if (number instanceof Long integer) {
            return NODES.numberNode(integer);
        }
        if (number instanceof BigInteger integer) {
            return NODES.numberNode(integer);
        }
        return NODES.numberNode(
                number instanceof BigDecimal decimal ? decimal : BigDecimal.valueOf(number.doubleValue()));
    }
}
