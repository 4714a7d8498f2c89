package io.flowscript.engine.program;

import io.flowscript.core.json.JsonException;
import io.flowscript.core.json.JsonPath;
import io.flowscript.core.json.Name;
import io.flowscript.core.json.Value;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A template that is only a path: a name, {@code state} or {@code $}, and then names after dots, and indexes or quoted keys
 * in brackets, without blanks. It is the one kind of expression that needs no evaluator. Immutable.
 */
final class TemplatePath {

    private static final Set<String> LITERALS = Set.of("true", "false", "null");
    private static final String LENGTH = "length";

    /** Null for the whole state. */
    private final @Nullable String variable;

    private final JsonPath rest;

    private TemplatePath(@Nullable String variable, JsonPath rest) {
        this.variable = variable;
        this.rest = rest;
    }

    /** Returns the path; null when the text is not only a path. */
    static @Nullable TemplatePath parse(String text) {
        if (text.length() > JsonPath.MAX_LENGTH) {
            return null;
        }
        int end = text.startsWith("$") ? 1 : Name.end(text, 0);
        String root = text.substring(0, end);
        String rest = text.substring(end);
        if (root.isEmpty() || LITERALS.contains(root) || !isSteps(rest)) {
            return null;
        }
        try {
            return new TemplatePath(
                    root.equals("$") || root.equals(Variables.STATE) ? null : root, JsonPath.parse("$" + rest));
        } catch (JsonException e) {
            return null;
        }
    }

    /** Checks that there is no minus, which a path into the state may contain, and an expression subtracts with. */
    private static boolean isSteps(String rest) {
        return rest.replaceAll("\\[(\"([^\"\\\\]|\\\\.)*\"|'([^'\\\\]|\\\\.)*')]", "")
                        .indexOf('-')
                < 0;
    }

    /** The variable, or the key of the state, that the path reads; empty for the whole state. */
    List<String> names() {
        if (variable != null) {
            return List.of(variable);
        }
        return rest.segments().stream().limit(1).map(Object::toString).toList();
    }

    /** Reads the value; a missing one when there is none. {@code length} is the length of an array or a text. */
    Value read(Variables variables) {
        String root = variable == null ? Variables.STATE : variable;
        if (!variables.containsKey(root)) {
            return Value.missing(root);
        }
        Object from = variables.get(root);
        Value found = rest.find(from);
        List<Object> segments = rest.segments();
        if (!found.isMissing()
                || segments.isEmpty()
                || !segments.get(segments.size() - 1).equals(LENGTH)) {
            return found;
        }
        Object measured = parent(segments).find(from).raw();
        if (measured instanceof List<?> items) {
            return Value.of(items.size());
        }
        return measured instanceof String text ? Value.of(text.length()) : found;
    }

    private static JsonPath parent(List<Object> segments) {
        JsonPath parent = JsonPath.ROOT;
        for (Object segment : segments.subList(0, segments.size() - 1)) {
            parent = parent.child(segment.toString());
        }
        return parent;
    }
}
