package io.flowscript.language.nodes;

import static io.flowscript.language.nodes.BuiltInNode.describe;

import io.flowscript.core.FlowScriptException;
import io.flowscript.core.json.Json;
import io.flowscript.core.json.Name;
import io.flowscript.core.json.Value;
import io.flowscript.core.runtime.Edge;
import io.flowscript.core.runtime.ExecutionContext;
import io.flowscript.core.runtime.NodeMetadata;
import io.flowscript.core.runtime.NodeType;
import io.flowscript.core.runtime.Outcome;
import io.flowscript.core.runtime.RetryPolicy;
import io.flowscript.core.text.Printable;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Nodes that control loops. */
final class LoopNodes {

    private static final Set<String> EDGES = Set.of(Edge.NEXT_ITERATION, Edge.EXIT_LOOP);
    private static final int MAX_NAME = 128;
    private static final Set<String> GIVEN = Set.of("_index", "_loopIndex", "_totalItems", "_isFirst", "_isLast");

    /** Names that mean something else in every template. */
    private static final Set<String> TAKEN = Set.of("state", "previous", "now", "_timestamp", "true", "false", "null");

    private LoopNodes() {}

    static BuiltInNode whileCondition() {
        return new BuiltInNode(
                "whileCondition",
                new NodeMetadata(
                        "Repeats as long as a condition holds",
                        NodeType.CONTROL,
                        EDGES,
                        Set.of(),
                        Set.of("condition"),
                        RetryPolicy.NONE,
                        null),
                new ConfigRules().required("condition", "an expression such as \"count < 3\"", ConfigRules::isText),
                context -> Truth.of(context.evaluate("condition").raw()) ? Edge.nextIteration() : Edge.exitLoop());
    }

    static BuiltInNode forEach() {
        return new BuiltInNode(
                "forEach",
                describe(NodeType.CONTROL, "Repeats for each item of an array", Edge.NEXT_ITERATION, Edge.EXIT_LOOP),
                new ConfigRules()
                        .required(
                                "items",
                                "a path into the state such as \"$.items\", or an array",
                                items -> items instanceof List
                                        || ConfigRules.isPathOrAll(items)
                                        || ConfigRules.isTemplate(items))
                        .optional(
                                "as",
                                "a name of letters, digits, _ and @ that is not one of "
                                        + Stream.concat(GIVEN.stream(), TAKEN.stream())
                                                .sorted()
                                                .collect(Collectors.joining(", ")),
                                LoopNodes::isName),
                LoopNodes::next);
    }

    private static boolean isName(@Nullable Object value) {
        return value instanceof String name
                && name.length() <= MAX_NAME
                && Name.is(name)
                && !TAKEN.contains(name)
                && !GIVEN.contains(name);
    }

    /** The items are read once and then kept with the loop by reference; only the index changes. */
    private static Outcome next(ExecutionContext context) {
        Value memo = context.memo();
        List<?> items =
                memo.isMissing() ? items(context) : (List<?>) memo.asMap().get("items");
        int index = memo.isMissing() ? 0 : memo.get("next").asInt();
        if (items == null || index >= items.size()) {
            return Edge.exitLoop();
        }
        String name = context.config().get("as").orElse("item").asString();
        return Edge.nextIteration()
                .keeping(Map.of("items", items, "next", index + 1))
                .binding(Json.object(bindings(name, items, index)));
    }

    private static Map<String, @Nullable Object> bindings(String name, List<?> items, int index) {
        Map<String, @Nullable Object> bindings = new LinkedHashMap<>();
        bindings.put(name, items.get(index));
        bindings.put("_index", index);
        bindings.put("_loopIndex", index + 1);
        bindings.put("_totalItems", items.size());
        bindings.put("_isFirst", index == 0);
        bindings.put("_isLast", index == items.size() - 1);
        return bindings;
    }

    private static List<?> items(ExecutionContext context) {
        Value configured = context.config().get("items");
        if (configured.raw() instanceof List<?> items) {
            return items;
        }
        String path = configured.asString();
        if (ConfigRules.isTemplate(path)) {
            throw notAnArray(path, "nothing");
        }
        Value found = context.state().get(path);
        if (found.raw() instanceof List<?> items) {
            return items;
        }
        throw notAnArray(path, found.isMissing() ? "nothing" : "a value of type " + Json.typeName(found.raw()));
    }

    private static FlowScriptException notAnArray(String path, String found) {
        return new FlowScriptException(
                "not_an_array",
                "forEach: \"items\" must lead to an array, but there is " + found + " at " + Printable.line(path, 200));
    }
}
