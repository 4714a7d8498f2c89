package io.flowscript.language.nodes;

import io.flowscript.core.FlowScriptException;
import io.flowscript.core.json.Json;
import io.flowscript.core.json.Value;
import io.flowscript.core.runtime.Edge;
import io.flowscript.core.runtime.ExecutionContext;
import io.flowscript.core.text.JsonText;
import io.flowscript.core.text.Names;
import io.flowscript.core.text.Printable;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The config field {@code options} of {@code choose}: what can be chosen. Immutable. */
// JDK 17 does not read the nullness of type arguments from other class files.
@SuppressWarnings("NullAway")
final class ChoiceOptions {

    private static final int MAX_OPTIONS = 1_000;
    private static final String FIELD = "options";
    private static final String EXPECTED = "an array of 1 to " + MAX_OPTIONS
            + " options, each a text or an object such as {\"value\": \"train\", \"label\": \"By train\"}; or a path into the state that leads to one";

    /** Edges with a meaning of their own. No option leads to them. */
    private static final Set<String> RESERVED = Set.of("default", "error", OnTimeoutSetting.EDGE, Edge.EXIT);

    private static final ConfigRules RULES = rules(new ConfigRules());

    private final List<Option> all;

    private ChoiceOptions(List<Option> all) {
        this.all = all;
    }

    /**
     * One option.
     *
     * @param value a text, a number or a boolean
     * @param label the text shown to people
     * @param edge the edge that the option leads to, if the branch has a flow for it
     */
    record Option(Object value, String label, String edge) {}

    /** Adds the rules of the field. */
    static ConfigRules rules(ConfigRules rules) {
        return rules.required(FIELD, EXPECTED, ChoiceOptions::fits)
                .inside(
                        FIELD,
                        new ConfigRules()
                                .required("value", "a text, a number, or true or false", ChoiceOptions::isValue)
                                .optional("label", "a text", ConfigRules::isLabel)
                                .optional(
                                        "edge",
                                        "the name of an edge that is not one of "
                                                + String.join(", ", new TreeSet<>(RESERVED)),
                                        ChoiceOptions::isEdge))
                .rule(ChoiceOptions::duplicate);
    }

    private static boolean fits(@Nullable Object value) {
        if (!(value instanceof List<?> items)) {
            return ConfigRules.isPath(value);
        }
        return !items.isEmpty()
                && items.size() <= MAX_OPTIONS
                && items.stream().allMatch(item -> item instanceof Map || isValue(item));
    }

    private static boolean isValue(@Nullable Object value) {
        return value instanceof Number || value instanceof Boolean || ConfigRules.isText(value);
    }

    private static boolean isEdge(@Nullable Object value) {
        return ConfigRules.isName(value) && !isReserved((String) value);
    }

    private static boolean isReserved(String edge) {
        return RESERVED.contains(edge) || edge.startsWith(Edge.LOOP_TO);
    }

    /** Rule: values must be unique, so that it is clear which option was chosen. */
    private static @Nullable String duplicate(Map<String, @Nullable Object> config) {
        if (!(config.get(FIELD) instanceof List<?> items) || items.size() > MAX_OPTIONS) {
            return null;
        }
        Set<Object> seen = new HashSet<>();
        for (Object item : items) {
            Object value = item instanceof Map<?, ?> fields ? fields.get("value") : item;
            if (isValue(value) && !ConfigRules.isTemplate(value) && !seen.add(Numbers.key(value))) {
                return "the option " + Printable.line(text(value), 100) + " is there twice";
            }
        }
        return null;
    }

    /** Returns the options as written; null if they are known only when the node runs. */
    static @Nullable ChoiceOptions asWritten(Map<String, @Nullable Object> config) {
        Object written = config.get(FIELD);
        return written instanceof List
                        && !ConfigRules.hasTemplate(written)
                        && RULES.check(config, true).isEmpty()
                ? of(Value.of(written))
                : null;
    }

    /** Returns the options of a step, read from the state if the config has a path to them. */
    static ChoiceOptions of(ExecutionContext context) {
        Value configured = context.config().get(FIELD);
        if (configured.raw() instanceof List) {
            return of(configured);
        }
        Value found = context.state().get(configured.asString());
        if (!(found.raw() instanceof List)) {
            throw new FlowScriptException(
                    "not_an_array",
                    "choose: \"options\" must lead to an array, but there is "
                            + (found.isMissing() ? "nothing" : "a value of type " + Json.typeName(found.raw())) + " at "
                            + Printable.line(configured.asString(), 200));
        }
        List<String> wrong = RULES.check(Map.of(FIELD, found.raw()), false);
        if (!wrong.isEmpty()) {
            throw new FlowScriptException(
                    "invalid_config",
                    "choose: at " + Printable.line(configured.asString(), 200) + ": " + String.join("; ", wrong));
        }
        return of(found);
    }

    private static ChoiceOptions of(Value items) {
        return new ChoiceOptions(
                items.asList().stream().map(ChoiceOptions::option).toList());
    }

    private static Option option(Value item) {
        Object value = item.raw() instanceof Map ? item.get("value").raw() : item.raw();
        String text = text(value);
        Object label =
                item.raw() instanceof Map ? item.get("label").orElse(text).raw() : text;
        Object edge = item.raw() instanceof Map ? item.get("edge").orElse(text).raw() : text;
        return new Option(value, text(label), text(edge));
    }

    private static String text(@Nullable Object value) {
        return JsonText.inText(value, Integer.MAX_VALUE);
    }

    /** Returns the values for the schema of an answer. */
    List<Object> values() {
        return all.stream().map(Option::value).toList();
    }

    /** Returns the values and labels to show. */
    List<Map<String, Object>> shown() {
        List<Map<String, Object>> shown = new ArrayList<>();
        for (Option option : all) {
            Map<String, Object> entry = new LinkedHashMap<>();
            entry.put("value", option.value);
            entry.put("label", option.label);
            shown.add(entry);
        }
        return shown;
    }

    /** Returns the option with a value. */
    Option chosen(@Nullable Object value) {
        for (Option option : all) {
            if (Numbers.equal(option.value, value)) {
                return option;
            }
        }
        throw new FlowScriptException("invalid_config", "choose: the chosen value is no longer among the options");
    }

    /** Returns the edge that an option leads to: its own if the branch has a flow for it, else {@code chosen}. */
    static String edge(Option option, Set<String> flows) {
        return flows.contains(option.edge) && !isReserved(option.edge) ? option.edge : ChooseNode.CHOSEN;
    }

    /** Refuses a branch with a flow that no option leads to. The flow is misspelled, or an option is missing. */
    void checkFlows(Set<String> flows) {
        Set<String> edges = new TreeSet<>();
        for (Option option : all) {
            edges.add(option.edge);
        }
        for (String flow : new TreeSet<>(flows)) {
            if (!edges.contains(flow) && !flow.equals(ChooseNode.CHOSEN) && !isReserved(flow)) {
                String meant = Names.closest(flow, edges);
                throw new FlowScriptException(
                        "invalid_config",
                        "choose: the branch has a flow for \"" + Printable.line(flow, 100)
                                + "\", to which no option leads; "
                                + (meant == null
                                        ? "they lead to " + Printable.line(String.join(", ", edges), 300)
                                        : "did you mean \"" + meant + "\"?"));
            }
        }
    }
}
