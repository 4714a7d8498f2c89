package io.flowscript.language.nodes;

import io.flowscript.core.FlowScriptException;
import io.flowscript.core.json.Json;
import io.flowscript.core.json.Value;
import io.flowscript.core.text.Names;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A comparison of a config: {@code "operator": ">", "value": 3}, or with the operator's name as the field, {@code
 * "greaterThan": 3}.
 *
 * @param operator the operator, one of those in {@link #OPERATORS}
 * @param value the value to compare with
 */
// JDK 17 does not read the nullness of type arguments from other class files.
@SuppressWarnings("NullAway")
record Comparison(String operator, @Nullable Object value) {

    /** The operators that have a name, and the operator that each one means. */
    private static final Map<String, String> NAMED = named();

    private static final List<String> SIGNS = List.of("==", "===", "!=", "!==", ">", ">=", "<", "<=");

    /** All operators. */
    static final List<String> OPERATORS = java.util.stream.Stream.concat(SIGNS.stream(), NAMED.keySet().stream())
            .toList();

    private static Map<String, String> named() {
        Map<String, String> named = new LinkedHashMap<>();
        named.put("equals", "==");
        named.put("strictEquals", "==");
        named.put("notEquals", "!=");
        named.put("greaterThan", ">");
        named.put("greaterOrEqual", ">=");
        named.put("greaterThanOrEqual", ">=");
        named.put("lessThan", "<");
        named.put("lessOrEqual", "<=");
        named.put("lessThanOrEqual", "<=");
        List.of("contains", "startsWith", "endsWith", "in", "exists", "notExists", "truthy", "falsy")
                .forEach(name -> named.put(name, name));
        return named;
    }

    /** Adds the rules of the fields of a comparison. */
    static ConfigRules rules(ConfigRules rules) {
        rules.optional("operator", "one of " + String.join(", ", OPERATORS), OPERATORS::contains)
                .optional("value", "any value", ConfigRules::isAnything);
        NAMED.keySet().forEach(name -> rules.optional(name, "any value", ConfigRules::isAnything));
        return rules.rule(Comparison::wrong);
    }

    /** Returns the comparison of a config. */
    static Comparison of(Map<String, @Nullable Object> config) {
        for (String name : NAMED.keySet()) {
            if (config.containsKey(name)) {
                return new Comparison(name, config.get(name));
            }
        }
        return new Comparison(config.get("operator") instanceof String written ? written : "==", config.get("value"));
    }

    private static @Nullable String wrong(Map<String, @Nullable Object> config) {
        List<String> named = NAMED.keySet().stream().filter(config::containsKey).toList();
        boolean written = config.containsKey("operator") || config.containsKey("value");
        if (named.size() > 1 || (named.size() == 1 && written)) {
            return "write one comparison: \"" + named.get(0) + "\", or \"operator\" and \"value\"";
        }
        Object operator = config.get("operator");
        if (operator instanceof String name && !OPERATORS.contains(name)) {
            String meant = ConfigRules.isTemplate(name) || name.length() < 4 ? null : Names.closest(name, OPERATORS);
            return meant == null ? null : "did you mean the operator \"" + meant + "\"?";
        }
        return of(config).wrongValue(named.isEmpty() && !config.containsKey("value"));
    }

    private @Nullable String wrongValue(boolean isMissing) {
        if (List.of("exists", "notExists", "truthy", "falsy").contains(operator)) {
            return value == null || value instanceof Boolean || ConfigRules.isTemplate(value)
                    ? null
                    : "with the operator " + operator + ", \"value\" must be true or false, or be left out";
        }
        if (isMissing) {
            return "\"value\" is missing; it must be the value to compare with";
        }
        return operator.equals("in") && !(value instanceof List) && !ConfigRules.isTemplate(value)
                ? "with the operator in, \"value\" must be an array"
                : null;
    }

    /** Checks whether the comparison holds. */
    boolean holds(Value found) {
        String sign = NAMED.getOrDefault(operator, operator);
        return switch (sign) {
            case "==", "===" -> !found.isMissing() && Numbers.equal(found.raw(), value);
            case "!=", "!==" -> found.isMissing() || !Numbers.equal(found.raw(), value);
            case ">", ">=", "<", "<=" -> ordered(found, sign);
            case "contains" -> contains(found);
            case "startsWith" ->
                found.raw() instanceof String text && value instanceof String part && text.startsWith(part);
            case "endsWith" ->
                found.raw() instanceof String text && value instanceof String part && text.endsWith(part);
            case "in" -> value instanceof List<?> items && Numbers.contains(items, found.raw());
            case "exists" -> found.isNull() == isFalse();
            case "notExists" -> found.isNull() != isFalse();
            case "truthy" -> Truth.of(found.raw()) != isFalse();
            case "falsy" -> Truth.of(found.raw()) == isFalse();
            default -> throw new FlowScriptException("invalid_config", "checkValue: there is no operator " + operator);
        };
    }

    private boolean isFalse() {
        return Boolean.FALSE.equals(value);
    }

    /**
     * Compares two values by order. A missing value is neither more nor less than another. Throws for values of
     * different types.
     */
    private boolean ordered(Value found, String sign) {
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
            throw new FlowScriptException(
                    "not_comparable",
                    "checkValue: " + found.path() + " is of type " + Json.typeName(left) + " and \"value\" of type "
                            + Json.typeName(value) + ", which " + operator
                            + " cannot compare; both must be numbers, or both strings");
        }
        if (order == 0) {
            return sign.endsWith("=");
        }
        return order > 0 == sign.startsWith(">");
    }

    private boolean contains(Value found) {
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
