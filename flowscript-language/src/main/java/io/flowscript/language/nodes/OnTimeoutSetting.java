package io.flowscript.language.nodes;

import io.flowscript.core.FlowScriptException;
import io.flowscript.core.json.Value;
import io.flowscript.core.runtime.Answer;
import io.flowscript.core.runtime.ExecutionContext;
import io.flowscript.core.runtime.FormValidator;
import io.flowscript.core.runtime.Question;
import io.flowscript.core.runtime.Violation;
import io.flowscript.core.text.Printable;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The config field {@code onTimeout}: what a node does when nobody has answered in time. It leaves by an edge, fails,
 * or continues with an answer from its config.
 */
// JDK 17 does not read the nullness of type arguments from other class files.
@SuppressWarnings("NullAway")
record OnTimeoutSetting(FormValidator forms) {

    /** The edge by which a node leaves by default. */
    static final String EDGE = "timeout";

    static final String EXPECTED = "\"edge\", \"fail\", or an answer such as {\"answer\": {...}}";
    static final ConfigRules RULES =
            new ConfigRules().required("answer", "the answer to go on with", ConfigRules::isAnything);

    private static final String FAIL = "fail";
    private static final String EXPIRED = "expired";

    static boolean fits(@Nullable Object value) {
        return "edge".equals(value) || FAIL.equals(value) || value instanceof Map;
    }

    /** Rule: {@code onTimeout} needs a {@code timeout}. */
    static @Nullable String withoutTimeout(Map<String, @Nullable Object> config) {
        return config.containsKey("onTimeout") && !config.containsKey("timeout")
                ? "\"onTimeout\" needs a \"timeout\""
                : null;
    }

    /**
     * Rule: the answer must be valid for the question. An answer that contains templates is checked when the node
     * runs.
     *
     * @param question the question; null if it is not known yet
     */
    @Nullable
    String wrongAnswer(Map<String, @Nullable Object> config, @Nullable Question question) {
        if (question == null
                || !(config.get("onTimeout") instanceof Map<?, ?> given)
                || !given.containsKey("answer")
                || ConfigRules.hasTemplate(given.get("answer"))) {
            return null;
        }
        try {
            return refusal(question, given.get("answer"));
        } catch (FlowScriptException e) {
            // The schema is at fault, and another rule reports it.
            return null;
        }
    }

    /** Returns the question if the configured answer is valid for it, else throws. */
    Question checked(ExecutionContext context, Question question) {
        Value onTimeout = context.config().get("onTimeout");
        if (onTimeout.raw() instanceof Map<?, ?> given) {
            String refusal = refusal(question, given.get("answer"));
            if (refusal != null) {
                throw new FlowScriptException("invalid_config", refusal);
            }
        }
        return question;
    }

    /** Returns the answer to continue with after the deadline; null if the node leaves by the edge. */
    @Nullable
    Answer answer(ExecutionContext context, Question question, Answer late) {
        Value onTimeout = context.config().get("onTimeout");
        if (FAIL.equals(onTimeout.raw())) {
            throw new FlowScriptException(
                    EXPIRED,
                    "Nobody answered within the timeout of "
                            + context.config().get(EDGE).raw());
        }
        if (!(onTimeout.raw() instanceof Map)) {
            return null;
        }
        checked(context, question);
        return new Answer(onTimeout.get("answer"), null, late.at(), true);
    }

    private @Nullable String refusal(Question question, @Nullable Object answer) {
        Object schema = question.schema();
        if (schema == null || question.isCancelledBy(answer)) {
            return null;
        }
        List<Violation> violations = forms.compile(schema).validate(answer);
        if (violations.isEmpty()) {
            return null;
        }
        Violation first = violations.get(0);
        return "\"onTimeout.answer\" is not a valid answer: "
                + Printable.line(first.path() + " " + first.message(), 300);
    }
}
