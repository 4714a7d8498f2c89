package io.flowscript.language.nodes;

import static io.flowscript.language.nodes.BuiltInNode.describe;

import io.flowscript.core.FlowScriptException;
import io.flowscript.core.json.Json;
import io.flowscript.core.json.Value;
import io.flowscript.core.runtime.Edge;
import io.flowscript.core.runtime.ExecutionContext;
import io.flowscript.core.runtime.NodeType;
import io.flowscript.core.runtime.Outcome;
import io.flowscript.core.text.Names;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The node {@code checkValue}: compares the value at a path of the state with a given value. */
final class CheckValueNode {

    private static final List<String> OPERATORS =
            List.of("equals", "==", "===", "notEquals", "!=", "!==", ">", ">=", "<", "<=", "contains", "in", "exists");

    private CheckValueNode() {}

    static BuiltInNode node() {
        return new BuiltInNode(
                "checkValue",
                describe(
                        NodeType.CONTROL,
                        "Compares the value at a path of the state with a given value",
                        "true",
                        "false",
                        "match",
                        "noMatch"),
                new ConfigRules()
                        .required("path", "a path into the state such as \"$.a.b\"", ConfigRules::isPathOrAll)
                        .optional(
                                "operator",
                                "one of " + String.join(", ", OPERATORS),
                                operator -> operator instanceof String name && OPERATORS.contains(name))
                        .optional("value", "any value", ConfigRules::isAnything)
                        .rule(CheckValueNode::wrongValue),
                CheckValueNode::run);
    }

    private static @Nullable String wrongValue(Map<String, @Nullable Object> config) {
        Object operator = config.get("operator");
        Object value = config.get("value");
        if (operator instanceof String name && !OPERATORS.contains(name) && !name.contains("{{")) {
            String meant = Names.closest(name, OPERATORS);
            return meant == null || name.length() < 4 ? null : "did you mean the operator \"" + meant + "\"?";
        }
        if ("exists".equals(operator)) {
            return value == null || value instanceof Boolean || isTemplate(value)
                    ? null
                    : "with the operator exists, \"value\" must be true or false, or be left out";
        }
        if (!config.containsKey("value")) {
            return "\"value\" is missing; it must be the value to compare with";
        }
        if ("in".equals(operator) && !(value instanceof List) && !isTemplate(value)) {
            return "with the operator in, \"value\" must be an array";
        }
        return null;
    }

    private static boolean isTemplate(@Nullable Object value) {
        return value instanceof String text && text.contains("{{");
    }

    private static Outcome run(ExecutionContext context) {
        boolean holds = holds(
                context.state().get(context.config().get("path").asString()),
                context.config().get("operator").orElse("==").asString(),
                context.config().get("value").raw());
        Set<String> edges = context.branchEdges();
        boolean matching = (edges.contains("match") || edges.contains("noMatch"))
                && !edges.contains("true")
                && !edges.contains("false");
        if (matching) {
            return Edge.of(holds ? "match" : "noMatch");
        }
        return Edge.of(String.valueOf(holds));
    }

    private static boolean holds(Value found, String operator, @Nullable Object value) {
        return switch (operator) {
            case "equals", "==", "===" -> !found.isMissing() && Numbers.equal(found.raw(), value);
            case "notEquals", "!=", "!==" -> found.isMissing() || !Numbers.equal(found.raw(), value);
            case ">", ">=", "<", "<=" -> ordered(found, operator, value);
            case "contains" -> contains(found, value);
            case "in" -> value instanceof List<?> items && Numbers.contains(items, found.raw());
            case "exists" -> found.isNull() == Boolean.FALSE.equals(value);
            default -> throw new FlowScriptException("invalid_config", "checkValue: there is no operator " + operator);
        };
    }

    /**
     * Compares two values by order. A missing value is neither more nor less than another. Throws for values of
     * different types.
     */
    private static boolean ordered(Value found, String operator, @Nullable Object value) {
        Object left = found.raw();
        if (left == null || value == null) {
            return false;
        }
        int order;
        if (left instanceof Number && value instanceof Number) {
            order = Numbers.compare(left, value);
        } else if (left instanceof String first && value instanceof String second) {
            order = first.compareTo(second);
        } else {
            throw notComparable(found, operator, value);
        }
        if (order == 0) {
            return operator.endsWith("=");
        }
        return order > 0 == operator.startsWith(">");
    }

    private static FlowScriptException notComparable(Value found, String operator, Object value) {
        return new FlowScriptException(
                "not_comparable",
                "checkValue: " + found.path() + " is of type " + Json.typeName(found.raw()) + " and \"value\" of type "
                        + Json.typeName(value) + ", which " + operator
                        + " cannot compare; both must be numbers, or both strings");
    }

    private static boolean contains(Value found, @Nullable Object value) {
        Object whole = found.raw();
        if (whole instanceof Collection<?> items) {
            return Numbers.contains(items, value);
        }
        if (whole instanceof String text && value instanceof String part) {
            return text.contains(part);
        }
        return whole instanceof Map<?, ?> map && value instanceof String key && map.containsKey(key);
    }
}
