package io.flowscript.core.runtime;

import io.flowscript.core.FlowScriptException;
import io.flowscript.core.json.Json;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a person is asked: a form, what is shown with it, until when, and whom. Immutable; each method returns a new one.
 *
 * @since 0.1.0
 */
public final class Question {

    private static final Map<String, Object> CANCELLED = Map.of("_cancelled", true);
    private static final Duration MAX_DEADLINE = Duration.ofDays(36_525);
    private static final int MAX_ASSIGNEES = 1_000;

    private final @Nullable Object schema;
    private final @Nullable Object uiHints;
    private final @Nullable Map<String, @Nullable Object> context;
    private final @Nullable Object defaults;
    private final @Nullable Duration within;
    private final List<String> assignees;
    private final @Nullable String reason;
    private final boolean cancellable;

    private Question(
            @Nullable Object schema,
            @Nullable Object uiHints,
            @Nullable Map<String, @Nullable Object> context,
            @Nullable Object defaults,
            @Nullable Duration within,
            List<String> assignees,
            @Nullable String reason,
            boolean cancellable) {
        this.schema = schema;
        this.uiHints = uiHints;
        this.context = context;
        this.defaults = defaults;
        this.within = within;
        this.assignees = assignees;
        this.reason = reason;
        this.cancellable = cancellable;
    }

    /**
     * A question that any JSON value answers.
     *
     * @return the question
     */
    public static Question open() {
        return new Question(null, null, null, null, null, List.of(), null, false);
    }

    /**
     * A question whose answer must keep to a JSON Schema. An answer that does not is refused with every violation, and
     * the question stays open.
     *
     * @param schema a JSON Schema as plain values: a Map or a Boolean
     * @return the question
     */
    public static Question form(Object schema) {
        return new Question(Json.freeze(schema), null, null, null, null, List.of(), null, false);
    }

    /**
     * Hints for showing the form.
     *
     * @param hints any JSON value, handed on as it is
     * @return the question
     */
    public Question hints(@Nullable Object hints) {
        return new Question(schema, Json.freeze(hints), context, defaults, within, assignees, reason, cancellable);
    }

    /**
     * What the person needs to see; nothing else of the state is shown.
     *
     * @param shown names and values
     * @return the question
     */
    public Question showing(Map<String, ? extends @Nullable Object> shown) {
        return new Question(schema, uiHints, Json.object(shown), defaults, within, assignees, reason, cancellable);
    }

    /**
     * What the form begins with.
     *
     * @param values any JSON value
     * @return the question
     */
    public Question defaults(@Nullable Object values) {
        return new Question(schema, uiHints, context, Json.freeze(values), within, assignees, reason, cancellable);
    }

    /**
     * Until when it can be answered, from the moment of asking. Without it, for ever.
     *
     * @param duration more than zero, at most 100 years
     * @return the question
     * @throws FlowScriptException with code {@code invalid_duration}
     */
    public Question within(Duration duration) {
        if (duration.isNegative() || duration.isZero() || duration.compareTo(MAX_DEADLINE) > 0) {
            throw new FlowScriptException(
                    "invalid_duration",
                    "A question can be open for more than zero, at most 100 years, not " + duration);
        }
        return new Question(schema, uiHints, context, defaults, duration, assignees, reason, cancellable);
    }

    /**
     * Whom it is meant for.
     *
     * @param names people or groups, at most 1,000
     * @return the question
     * @throws FlowScriptException with code {@code invalid_question}
     */
    public Question assignedTo(String... names) {
        if (names.length > MAX_ASSIGNEES) {
            throw new FlowScriptException(
                    "invalid_question",
                    "A question can have at most " + MAX_ASSIGNEES + " assignees, not " + names.length);
        }
        return new Question(schema, uiHints, context, defaults, within, List.of(names), reason, cancellable);
    }

    /**
     * Why it is asked, for people.
     *
     * @param text a short text
     * @return the question
     */
    public Question because(String text) {
        return new Question(schema, uiHints, context, defaults, within, assignees, text, cancellable);
    }

    /**
     * May be turned down: the answer <code>{"_cancelled": true}</code> is taken whatever the schema says.
     *
     * @return the question
     */
    public Question cancellable() {
        return new Question(schema, uiHints, context, defaults, within, assignees, reason, true);
    }

    /** {@return the outcome that asks this, without a memo} */
    public Ask ask() {
        return new Ask(this, null);
    }

    /**
     * The outcome that asks this.
     *
     * @param memo what the node wants to be told again, any JSON value
     * @return the outcome
     */
    public Ask ask(@Nullable Object memo) {
        return new Ask(this, memo);
    }

    /** {@return the JSON Schema of the answer, or null when any answer will do} */
    public @Nullable Object schema() {
        return schema;
    }

    /** {@return hints for showing it, or null} */
    public @Nullable Object uiHints() {
        return uiHints;
    }

    /** {@return what is shown with it, or null} */
    public @Nullable Map<String, @Nullable Object> context() {
        return context;
    }

    /** {@return what the form begins with, or null} */
    public @Nullable Object defaults() {
        return defaults;
    }

    /** {@return how long it can be answered, or null for ever} */
    public @Nullable Duration within() {
        return within;
    }

    /** {@return whom it is meant for; empty for anybody} */
    public List<String> assignees() {
        return assignees;
    }

    /** {@return why it is asked, or null} */
    public @Nullable String reason() {
        return reason;
    }

    /** {@return whether it may be turned down} */
    public boolean isCancellable() {
        return cancellable;
    }

    /**
     * Whether an answer turns this question down. Such an answer is not held against the schema.
     *
     * @param answer any JSON value
     * @return true only when the question may be turned down and the answer says so
     */
    public boolean isCancelledBy(@Nullable Object answer) {
        return cancellable && CANCELLED.equals(answer);
    }
}
