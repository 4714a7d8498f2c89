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

/** What a node does when nobody has answered in time: leave by an edge, fail, or go on with an answer that its config gives. */
// The nullness of type arguments elsewhere is not in the class files that JDK 17 reads.
@SuppressWarnings("NullAway")
record OnTimeout(FormValidator forms) {

    /** The edge by which a node leaves when nothing else is said. */
    static final String EDGE = "timeout";

    static final String EXPECTED = "\"edge\", \"fail\", or an answer such as {\"answer\": {...}}";
    static final ConfigRules RULES = new ConfigRules()
            .required("answer", "the answer to go on with", ConfigRules::isAnything)
            .closed();

    private static final String FAIL = "fail";
    private static final String EXPIRED = "expired";

    static boolean fits(@Nullable Object value) {
        return "edge".equals(value) || FAIL.equals(value) || value instanceof Map;
    }

    /** A rule: without a timeout it means nothing. */
    static @Nullable String withoutTimeout(Map<String, @Nullable Object> config) {
        return config.containsKey("onTimeout") && !config.containsKey("timeout")
                ? "\"onTimeout\" needs a \"timeout\""
                : null;
    }

    /**
     * A rule: the answer must be one that a person could give. What holds templates is only known when it runs.
     *
     * @param question what is asked; null when that is not known yet
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
            // The schema is at fault, which has a rule of its own.
            return null;
        }
    }

    /** The question, if the answer that may be given to it in the end is one. */
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

    /** What the node goes on with after the deadline; null when it leaves by the edge. */
    @Nullable
    Answer answer(ExecutionContext context, Question question, Answer late) {
        Value onTimeout = context.config().get("onTimeout");
        if (FAIL.equals(onTimeout.raw())) {
            throw new FlowScriptException(
                    EXPIRED,
                    "Nobody answered within " + context.config().get(EDGE).raw() + ", the timeout");
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
        return "\"onTimeout.answer\" does not answer the question: "
                + Printable.line(first.path() + " " + first.message(), 300);
    }
}
