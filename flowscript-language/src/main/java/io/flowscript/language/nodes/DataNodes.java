package io.flowscript.language.nodes;

import static io.flowscript.language.nodes.BuiltInNode.SUCCESS;
import static io.flowscript.language.nodes.BuiltInNode.describe;

import io.flowscript.core.FlowScriptException;
import io.flowscript.core.json.Value;
import io.flowscript.core.runtime.Edge;
import io.flowscript.core.runtime.ExecutionContext;
import io.flowscript.core.runtime.NodeType;
import io.flowscript.core.runtime.Outcome;
import io.flowscript.core.text.Printable;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Nodes that write to the state. */
final class DataNodes {

    private static final String LIMIT_REACHED = "limit_reached";
    /** The counter of a step that names none. */
    private static final String COUNTER = "counter";

    private static final String PATH = "a path into the state such as \"$.a.b\"";

    private DataNodes() {}

    static BuiltInNode setData() {
        return new BuiltInNode(
                "setData",
                describe(NodeType.ACTION, "Sets the value at a path of the state", SUCCESS),
                new ConfigRules()
                        .required("path", PATH, ConfigRules::isPathOrAll)
                        .optional("value", "any value", ConfigRules::isAnything)
                        .optional("data", "any value", ConfigRules::isAnything)
                        .optional("valuePath", PATH, ConfigRules::isPathOrAll)
                        .oneOf("value", "data", "valuePath"),
                context -> {
                    context.state().set(context.config().get("path").asString(), value(context));
                    return Edge.of(SUCCESS);
                });
    }

    private static @Nullable Object value(ExecutionContext context) {
        Value config = context.config();
        Value path = config.get("valuePath");
        if (path.isMissing()) {
            Value value = config.get("value");
            return value.isMissing() ? config.get("data").raw() : value.raw();
        }
        return present(context.state().get(path.asString()), "setData").raw();
    }

    /** Returns a value of the state, or throws when there is none. */
    private static Value present(Value found, String node) {
        if (found.isMissing()) {
            throw new FlowScriptException(
                    "missing_value", node + ": there is no value at " + Printable.line(found.path(), 300));
        }
        return found;
    }

    static BuiltInNode setFlag() {
        return new BuiltInNode(
                "setFlag",
                describe(NodeType.ACTION, "Sets, clears or toggles a flag of the state", SUCCESS),
                FlagChange.rules(new ConfigRules()
                        .optional("flag", PATH, ConfigRules::isPath)
                        .optional("flagPath", PATH, ConfigRules::isPath)
                        .optional("createIfMissing", "true or false", ConfigRules::isBoolean)
                        .oneOf("flag", "flagPath")),
                context -> {
                    String path = context.config()
                            .get("flag")
                            .orElse(context.config().get("flagPath").raw())
                            .asString();
                    context.state()
                            .set(path, FlagChange.of(context.config()).apply(current(context, path), context.state()));
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
                        .optional("createIfMissing", "true or false", ConfigRules::isBoolean)
                        .atMostOneOf("field", "counterPath"),
                DataNodes::increment);
    }

    /** A counter stays at its limit, or begins anew at 0. */
    private static Outcome increment(ExecutionContext context) {
        Value config = context.config();
        String path = config.get("field")
                .orElse(config.get("counterPath").orElse(COUNTER).raw())
                .asString();
        Value step = config.get("incrementBy").orElse(1);
        Number count = Numbers.sum(current(context, path).orElse(0), step);
        Number limit = config.get("limit").raw() instanceof Number given ? given : null;
        boolean isDown = step.raw() instanceof Number by && Numbers.compare(by, 0) < 0;
        if (limit == null || (isDown ? Numbers.compare(limit, count) : Numbers.compare(count, limit)) < 0) {
            context.state().set(path, count);
            return Edge.of(SUCCESS, Map.of("value", count));
        }
        context.state().set(path, config.get("resetOnLimit").orElse(false).asBoolean() ? (Number) 0 : limit);
        return Edge.of(LIMIT_REACHED, Map.of("value", limit));
    }

    /** Returns the value that a node changes; throws when there is none and the config does not allow that. */
    private static Value current(ExecutionContext context, String path) {
        Value found = context.state().get(path);
        boolean mayBeMissing =
                context.config().get("createIfMissing").orElse(true).asBoolean();
        return mayBeMissing ? found : present(found, "createIfMissing is false");
    }
}
