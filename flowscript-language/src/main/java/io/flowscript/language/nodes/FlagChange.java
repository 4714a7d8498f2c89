package io.flowscript.language.nodes;

import io.flowscript.core.json.Value;
import io.flowscript.core.runtime.State;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What {@code setFlag} does to its flag.
 *
 * @param operation set, clear, toggle or setIf
 * @param value true or false for set; for setIf an object with a condition and a newValue; null for none
 */
// JDK 17 does not read the nullness of type arguments from other class files.
@SuppressWarnings("NullAway")
record FlagChange(String operation, @Nullable Object value) {

    private static final String SET = "set";
    private static final String SET_IF = "setIf";
    private static final List<String> OPERATIONS = List.of(SET, "clear", "toggle", SET_IF);
    private static final ConfigRules SET_IF_RULES = new ConfigRules()
            .required(
                    "condition",
                    "true or false, or a comparison such as {\"path\": \"$.amount\", \"greaterThan\": 100}",
                    condition -> condition instanceof Boolean || condition instanceof Map)
            .inside(
                    "condition",
                    Comparison.rules(new ConfigRules()
                            .required("path", "a path into the state such as \"$.a.b\"", ConfigRules::isPathOrAll)))
            .required("newValue", "true or false", ConfigRules::isBoolean);

    /** Adds the rules of the fields. */
    static ConfigRules rules(ConfigRules rules) {
        return rules.optional("operation", "one of " + String.join(", ", OPERATIONS), OPERATIONS::contains)
                .optional(
                        "value",
                        "true or false, or with the operation setIf {\"condition\": ..., \"newValue\": ...}",
                        value -> value instanceof Boolean || value instanceof Map)
                .inside("value", SET_IF_RULES)
                .rule(FlagChange::wrong);
    }

    private static @Nullable String wrong(Map<String, @Nullable Object> config) {
        Object operation = config.getOrDefault("operation", SET);
        Object value = config.get("value");
        if (ConfigRules.isTemplate(operation) || ConfigRules.isTemplate(value)) {
            return null;
        }
        if (SET_IF.equals(operation)) {
            return value instanceof Map
                    ? null
                    : "with the operation setIf, \"value\" must be an object such as {\"condition\": {\"path\": \"$.amount\","
                            + " \"greaterThan\": 100}, \"newValue\": true}";
        }
        if (SET.equals(operation)) {
            return value instanceof Map ? "with the operation set, \"value\" must be true or false" : null;
        }
        return config.containsKey("value") ? "with the operation " + operation + ", there is no \"value\"" : null;
    }

    /** Returns the change of a config. */
    static FlagChange of(Value config) {
        return new FlagChange(
                config.get("operation").orElse(SET).asString(),
                config.get("value").raw());
    }

    /** Returns the flag's new value. */
    boolean apply(Value current, State state) {
        return switch (operation) {
            case "clear" -> false;
            case "toggle" -> !Truth.of(current.raw());
            case SET_IF -> {
                Value setIf = Value.of(value);
                yield holds(setIf.get("condition"), state)
                        ? setIf.get("newValue").asBoolean()
                        : Truth.of(current.raw());
            }
            default -> !Boolean.FALSE.equals(value);
        };
    }

    private static boolean holds(Value condition, State state) {
        return condition.raw() instanceof Boolean decided
                ? decided
                : Comparison.of(condition.asMap())
                        .holds(state.get(condition.get("path").asString()));
    }
}
