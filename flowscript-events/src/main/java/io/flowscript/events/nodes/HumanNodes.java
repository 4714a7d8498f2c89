package io.flowscript.events.nodes;

import static io.flowscript.events.nodes.BuiltInNode.describe;

import io.flowscript.core.json.JsonPath;
import io.flowscript.core.json.Value;
import io.flowscript.core.runtime.Answer;
import io.flowscript.core.runtime.Edge;
import io.flowscript.core.runtime.ExecutionContext;
import io.flowscript.core.runtime.NodeType;
import io.flowscript.core.runtime.Outcome;
import io.flowscript.core.runtime.Question;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Nodes that ask people. They ask, return, and are called again with the answer; in between there is only data. */
// The nullness of type arguments elsewhere is not in the class files that JDK 17 reads.
@SuppressWarnings("NullAway")
final class HumanNodes {

    private static final String SUBMITTED = "submitted";
    private static final String CANCELLED = "cancelled";
    private static final String TIMEOUT = "timeout";
    private static final List<String> FORM_HINTS = List.of("title", "description", "submitLabel", "cancelLabel");
    private static final List<String> APPROVAL_HINTS = List.of("title", "description");
    private static final List<String> DECISIONS = List.of("approved", "rejected", "needsInfo");

    /** In the order in which a person is to fill it in. */
    private static final Map<String, Object> APPROVAL = approval();

    private HumanNodes() {}

    private static Map<String, Object> approval() {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("decision", Map.of("type", "string", "enum", DECISIONS));
        fields.put("comment", Map.of("type", "string", "maxLength", 10_000));
        return Map.of("type", "object", "properties", fields, "required", List.of("decision"));
    }

    static BuiltInNode formInput() {
        return new BuiltInNode(
                "formInput",
                describe(NodeType.HUMAN, "Asks a person to fill in a form", SUBMITTED, CANCELLED, TIMEOUT),
                asking(new ConfigRules().optional("form", "an object", ConfigRules::isObject))
                        .rule(HumanNodes::wrongForm),
                context -> {
                    Answer answer = context.answer();
                    return answer == null ? askForm(context) : formAnswered(context, answer);
                });
    }

    static BuiltInNode approve(String name) {
        return new BuiltInNode(
                name,
                describe(NodeType.HUMAN, "Asks a person for a decision", "approved", "rejected", "needsInfo", TIMEOUT),
                asking(new ConfigRules()
                        .optional("title", "a string", ConfigRules::isString)
                        .optional("description", "a string", ConfigRules::isString)),
                context -> {
                    Answer answer = context.answer();
                    return answer == null
                            ? question(context, Question.form(APPROVAL), context.config(), APPROVAL_HINTS)
                                    .ask()
                            : decided(context, answer);
                });
    }

    private static ConfigRules asking(ConfigRules rules) {
        return rules.optional("stateKey", "a path into the state, for the answer", ConfigRules::isPath)
                .optional(
                        "timeout",
                        "a number of milliseconds, or an ISO 8601 duration such as \"P2D\", more than 0 and at most 100 years",
                        ConfigRules::isTimeout)
                .optional("contextKeys", "an array of paths into the state", ConfigRules::isPaths);
    }

    private static @Nullable String wrongForm(Map<String, @Nullable Object> config) {
        if (!(config.get("form") instanceof Map<?, ?> form)) {
            return null;
        }
        Object schema = form.get("schema");
        boolean isSchema = schema == null
                || schema instanceof Map
                || schema instanceof Boolean
                || (schema instanceof String text && text.contains("{{"));
        return isSchema ? null : "\"form.schema\" is to be a JSON Schema: an object, or true or false";
    }

    private static Outcome askForm(ExecutionContext context) {
        Value form = context.config().get("form");
        Object schema = form.get("schema").raw();
        Question question = schema == null ? Question.open() : Question.form(schema);
        return question(context, question, form, FORM_HINTS)
                .defaults(form.get("defaultValues").raw())
                .cancellable()
                .ask();
    }

    private static Question question(ExecutionContext context, Question question, Value hinting, List<String> hints) {
        Map<String, @Nullable Object> given = new LinkedHashMap<>();
        for (String hint : hints) {
            Value value = hinting.get(hint);
            if (!value.isNull()) {
                given.put(hint, value.raw());
            }
        }
        Question asked = given.isEmpty() ? question : question.hints(given);
        Object timeout = context.config().get("timeout").raw();
        if (timeout != null) {
            asked = asked.within(Durations.of(timeout));
        }
        Value keys = context.config().get("contextKeys");
        return keys.isNull() ? asked : asked.showing(shown(context, keys));
    }

    /** What of the state the person needs to see, by the keys as they are written; what is not there is left out. */
    private static Map<String, @Nullable Object> shown(ExecutionContext context, Value keys) {
        Map<String, @Nullable Object> shown = new LinkedHashMap<>();
        for (Value key : keys.asList()) {
            Value found = context.state().get(key.asString());
            if (!found.isMissing()) {
                shown.put(name(key.asString()), found.raw());
            }
        }
        return shown;
    }

    /** {@code amount} for {@code $.amount} and {@code state.amount}. */
    private static String name(String path) {
        return JsonPath.parse(path).toString().replaceFirst("^\\$\\.?", "");
    }

    private static Outcome formAnswered(ExecutionContext context, Answer answer) {
        if (answer.timedOut()) {
            return Edge.of(TIMEOUT);
        }
        if (Map.of("_cancelled", true).equals(answer.data().raw())) {
            return Edge.of(CANCELLED);
        }
        return keep(context, SUBMITTED, answer);
    }

    private static Outcome decided(ExecutionContext context, Answer answer) {
        return answer.timedOut()
                ? Edge.of(TIMEOUT)
                : keep(context, answer.get("decision").asString(), answer);
    }

    private static Edge keep(ExecutionContext context, String edge, Answer answer) {
        Value key = context.config().get("stateKey");
        if (!key.isNull()) {
            context.state().set(key.asString(), answer.data().raw());
        }
        return Edge.of(edge, answer.data().raw());
    }
}
