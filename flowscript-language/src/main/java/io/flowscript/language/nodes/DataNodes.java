package io.flowscript.language.nodes;

import static io.flowscript.language.nodes.BuiltInNode.SUCCESS;
import static io.flowscript.language.nodes.BuiltInNode.describe;

import io.flowscript.core.json.Value;
import io.flowscript.core.runtime.Edge;
import io.flowscript.core.runtime.ExecutionContext;
import io.flowscript.core.runtime.NodeType;
import io.flowscript.core.runtime.Outcome;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Nodes that write to the state. */
final class DataNodes {

    private static final String LIMIT_REACHED = "limit_reached";
    private static final String PATH = "a path into the state such as \"$.a.b\"";

    private DataNodes() {}

    static BuiltInNode setData() {
        return new BuiltInNode(
                "setData",
                describe(NodeType.ACTION, "Sets the value at a path of the state", SUCCESS),
                new ConfigRules()
                        .required("path", PATH, ConfigRules::isPathOrAll)
                        .required("value", "any value", ConfigRules::isAnything),
                context -> {
                    context.state()
                            .set(
                                    context.config().get("path").asString(),
                                    context.config().get("value").raw());
                    return Edge.of(SUCCESS);
                });
    }

    static BuiltInNode setFlag() {
        return new BuiltInNode(
                "setFlag",
                describe(NodeType.ACTION, "Sets a flag of the state to true, or to false", SUCCESS),
                new ConfigRules()
                        .required("flag", PATH, ConfigRules::isPath)
                        .optional("value", "true or false", ConfigRules::isBoolean),
                context -> {
                    Value value = context.config().get("value");
                    context.state()
                            .set(context.config().get("flag").asString(), value.isMissing() || value.asBoolean());
                    return Edge.of(SUCCESS);
                });
    }

    static BuiltInNode incrementCounter() {
        return new BuiltInNode(
                "incrementCounter",
                describe(
                        NodeType.ACTION,
                        "Adds to a number of the state, and reports when it reaches a limit",
                        SUCCESS,
                        LIMIT_REACHED),
                new ConfigRules()
                        .optional("field", PATH, ConfigRules::isPath)
                        .optional("counterPath", PATH, ConfigRules::isPath)
                        .optional("incrementBy", "a number", ConfigRules::isNumber)
                        .optional("limit", "a number", ConfigRules::isNumber)
                        .optional("resetOnLimit", "true or false", ConfigRules::isBoolean)
                        .oneOf("field", "counterPath"),
                DataNodes::increment);
    }

    private static Outcome increment(ExecutionContext context) {
        Value config = context.config();
        Value field = config.get("field");
        String path = field.isMissing() ? config.get("counterPath").asString() : field.asString();
        Number count = Numbers.sum(
                context.state().get(path).orElse(0), config.get("incrementBy").orElse(1));
        @Nullable Object limit = config.get("limit").raw();
        boolean reached = limit != null && Numbers.compare(count, limit) >= 0;
        boolean reset = reached && config.get("resetOnLimit").orElse(false).asBoolean();
        context.state().set(path, reset ? (Number) 0 : count);
        return Edge.of(reached ? LIMIT_REACHED : SUCCESS, Map.of("value", count));
    }
}
