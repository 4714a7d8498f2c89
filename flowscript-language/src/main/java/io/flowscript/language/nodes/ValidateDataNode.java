package io.flowscript.language.nodes;

import io.flowscript.core.FlowScriptException;
import io.flowscript.core.json.JsonException;
import io.flowscript.core.json.JsonPath;
import io.flowscript.core.json.Value;
import io.flowscript.core.runtime.Edge;
import io.flowscript.core.runtime.ExecutionContext;
import io.flowscript.core.runtime.FormValidator;
import io.flowscript.core.runtime.Node;
import io.flowscript.core.runtime.NodeMetadata;
import io.flowscript.core.runtime.NodeType;
import io.flowscript.core.runtime.Outcome;
import io.flowscript.core.runtime.RetryPolicy;
import io.flowscript.core.runtime.Violation;
import io.flowscript.core.text.Printable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The node {@code validateData}: checks the value at {@code dataPath} of the state (default: {@code $.input}) against
 * {@code schema}, a JSON Schema (default: any object). It leaves by {@code valid}, or by {@code invalid} with {@code {violations: [{path, keyword, message}]}}. A
 * missing value is checked as null.
 *
 * <p>Immutable and safe for use by any thread.
 *
 * @since 0.1.0
 */
public final class ValidateDataNode implements Node {

    private static final String VALID = "valid";
    private static final String INVALID = "invalid";
    private static final String INPUT = "$.input";
    private static final Map<String, Object> OBJECT = Map.of("type", "object");
    private static final NodeMetadata METADATA = new NodeMetadata(
            "Checks a part of the state against a JSON Schema",
            NodeType.CONTROL,
            Set.of(VALID, INVALID),
            Set.of("dataPath", "schema"),
            Set.of(),
            RetryPolicy.NONE,
            null);

    private final FormValidator validator;

    /**
     * Creates the node.
     *
     * @param validator compiles the schemas
     */
    public ValidateDataNode(FormValidator validator) {
        this.validator = validator;
    }

    @Override
    public NodeMetadata metadata() {
        return METADATA;
    }

    // JDK 17 does not read the nullness of the type arguments of an overridden method from its class file.
    @SuppressWarnings("NullAway")
    @Override
    public List<String> check(Map<String, @Nullable Object> config) {
        List<String> wrong = new ArrayList<>();
        if (!(config.getOrDefault("dataPath", INPUT) instanceof String path)) {
            wrong.add("\"dataPath\" must be a path into the state such as \"$.a.b\"");
        } else if (!ConfigRules.isTemplate(path) && !isPath(path)) {
            wrong.add("\"dataPath\" must be a path into the state such as \"$.a.b\", not \"" + Printable.line(path, 300)
                    + "\"");
        }
        Object schema = config.getOrDefault("schema", OBJECT);
        if (schema == null) {
            wrong.add("\"schema\" must be a JSON Schema such as {\"type\": \"object\"}");
        } else if (!(schema instanceof String)) {
            try {
                validator.compile(schema);
            } catch (FlowScriptException e) {
                wrong.add("\"schema\": " + e.getMessage());
            }
        }
        return wrong;
    }

    @Override
    public Outcome run(ExecutionContext context) {
        Value data = context.state()
                .get(context.config().get("dataPath").orElse(INPUT).asString());
        Value written = context.config().get("schema");
        Object schema = written.isMissing() ? OBJECT : written.raw();
        if (schema == null) {
            throw new FlowScriptException("invalid_config", "validateData: \"schema\" must be a JSON Schema");
        }
        List<Violation> violations = validator.compile(schema).validate(data.raw());
        return violations.isEmpty()
                ? Edge.of(VALID)
                : Edge.of(
                        INVALID,
                        Map.of(
                                "violations",
                                violations.stream()
                                        .map(v -> Map.of(
                                                "path", v.path(), "keyword", v.keyword(), "message", v.message()))
                                        .toList()));
    }

    private static boolean isPath(String text) {
        try {
            JsonPath.parse(text);
            return true;
        } catch (JsonException e) {
            return false;
        }
    }
}
