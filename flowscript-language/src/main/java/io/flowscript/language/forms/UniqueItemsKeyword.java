package io.flowscript.language.forms;

import com.networknt.schema.ExecutionContext;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaContext;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.keyword.BaseKeywordValidator;
import com.networknt.schema.keyword.Keyword;
import com.networknt.schema.keyword.KeywordValidator;
import com.networknt.schema.path.NodePath;
import java.math.BigDecimal;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;

/**
 * The keyword {@code uniqueItems}, in time proportional to the answer's size. The schema library compares by hash
 * code, and an answer can be built so that all hash codes are equal; the library then needs quadratic time.
 */
final class UniqueItemsKeyword implements Keyword {

    private static final String NAME = "uniqueItems";

    @Override
    public String getValue() {
        return NAME;
    }

    @Override
    public KeywordValidator newValidator(
            SchemaLocation location, JsonNode schema, Schema parent, SchemaContext context) {
        return new Validator(this, location, schema, parent, context);
    }

    private static final class Validator extends BaseKeywordValidator {

        private final boolean unique;

        Validator(Keyword keyword, SchemaLocation location, JsonNode schema, Schema parent, SchemaContext context) {
            super(keyword, schema, location, parent, context);
            unique = schema.isBoolean() && schema.booleanValue();
        }

        @Override
        public void validate(ExecutionContext context, JsonNode node, JsonNode root, NodePath location) {
            if (!unique || !node.isArray()) {
                return;
            }
            // A hash set keeps strings with equal hash codes in a sorted tree, so lookups stay fast.
            Set<String> seen = new HashSet<>();
            for (JsonNode item : node) {
                StringBuilder text = new StringBuilder();
                write(item, text);
                if (!seen.add(text.toString())) {
                    context.addError(error().instanceNode(node)
                            .instanceLocation(location)
                            .evaluationPath(context.getEvaluationPath())
                            .build());
                    return;
                }
            }
        }
    }

    /**
     * Writes equal values (section 4.2.2 of the core specification) as equal text, and different values as different
     * text.
     */
    private static void write(JsonNode node, StringBuilder out) {
        if (node.isObject()) {
            Map<String, JsonNode> sorted = new TreeMap<>();
            node.properties().forEach(property -> sorted.put(property.getKey(), property.getValue()));
            out.append('{');
            sorted.forEach((key, value) -> {
                write(key, out);
                write(value, out);
            });
            out.append('}');
        } else if (node.isArray()) {
            out.append('[');
            node.forEach(item -> write(item, out));
            out.append(']');
        } else if (node.isNumber()) {
            write(node.decimalValue(), out);
        } else if (node.isString()) {
            write(node.stringValue(), out);
        } else {
            out.append(node.asString()).append(';');
        }
    }

    private static void write(String text, StringBuilder out) {
        out.append('"').append(text.length()).append(':').append(text);
    }

    private static void write(BigDecimal number, StringBuilder out) {
        BigDecimal plain = number.signum() == 0 ? BigDecimal.ZERO : number.stripTrailingZeros();
        out.append(plain.unscaledValue())
                .append('e')
                .append(-(long) plain.scale())
                .append(';');
    }
}
