package io.flowscript.core.runtime;

import io.flowscript.core.Assignment;
import io.flowscript.core.FlowScriptException;
import io.flowscript.core.json.Json;
import io.flowscript.core.settings.SettingValues;
import io.flowscript.core.text.JsonText;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A question that a node asks people: the form of the answer, the data shown with it, the deadline, and the people it
 * is assigned to. Immutable and safe for use by any thread. Each setting returns a new question. Two questions with equal
 * values are equal.
 *
 * @since 0.1.0
 */
public final class Question {

    private static final Map<String, Object> CANCELLED = Map.of("_cancelled", true);
    private static final Duration MAX_DURATION = Duration.ofDays(36_525);
    private static final int MAX_MOMENTS = 100;
    private static final int MAX_NAMES = 1_000;

    private static final class Values extends SettingValues<Values> {
        @Nullable
        Object schema;

        @Nullable
        Object uiHints;

        @Nullable
        Map<String, @Nullable Object> context;

        @Nullable
        Object defaults;

        @Nullable
        Duration within;

        Assignment assignment = Assignment.ANYBODY;
        List<String> excluded = List.of();
        List<Duration> reminders = List.of();
        List<Escalation> escalations = List.of();

        @Nullable
        Quorum quorum;

        @Nullable
        String reason;

        boolean cancellable;
    }

    private final Values values;

    private Question(Values values) {
        this.values = values;
    }

    /**
     * Returns a question that accepts any JSON value as an answer.
     *
     * @return the question
     */
    public static Question open() {
        return new Question(new Values());
    }

    /**
     * Returns a question whose answer must be valid against a JSON Schema. An invalid answer is refused with the list
     * of all violations, and the interaction stays open.
     *
     * @param schema a JSON Schema as plain Java values: a Map or a Boolean
     * @return the question
     */
    public static Question form(Object schema) {
        Object frozen = Json.freeze(schema);
        return open().with(changed -> changed.schema = frozen);
    }

    /**
     * Sets hints for displaying the form.
     *
     * @param hints any JSON value, passed to clients unchanged
     * @return the question
     */
    public Question hints(@Nullable Object hints) {
        return with(changed -> changed.uiHints = Json.freeze(hints));
    }

    /**
     * Sets the data that is shown with the form. No other part of the state is shown.
     *
     * @param shown names with JSON values
     * @return the question
     */
    public Question showing(Map<String, ? extends @Nullable Object> shown) {
        return with(changed -> changed.context = Json.object(shown));
    }

    /**
     * Sets the initial values of the form.
     *
     * @param value any JSON value
     * @return the question
     */
    public Question defaults(@Nullable Object value) {
        return with(changed -> changed.defaults = Json.freeze(value));
    }

    /**
     * Sets how long after asking the question can be answered. Without this setting there is no deadline. If somebody sets
     * the system's clock meanwhile, less than a day lasts that long all the same; a day or more ends at the date.
     *
     * @param duration more than zero, at most 100 years
     * @return the question
     * @throws FlowScriptException with code {@code invalid_duration}
     */
    public Question within(Duration duration) {
        return with(changed -> changed.within = checked(duration));
    }

    /**
     * Assigns the question to people, in addition to the groups of {@link #candidates}. A question without people and
     * groups is for anybody.
     *
     * @param people the names of the people, at most 1,000
     * @return the question
     * @throws FlowScriptException with code {@code invalid_question}
     */
    public Question assignedTo(String... people) {
        return assigned(new Assignment(List.of(people), values.assignment.groups()));
    }

    /**
     * Assigns the question to groups, in addition to the people of {@link #assignedTo}. Any member of a group can
     * claim and answer it.
     *
     * @param groups the names of the groups, at most 1,000
     * @return the question
     * @throws FlowScriptException with code {@code invalid_question}
     */
    public Question candidates(String... groups) {
        return assigned(new Assignment(values.assignment.people(), List.of(groups)));
    }

    /**
     * Assigns the question to people and groups, and replaces any earlier assignment.
     *
     * @param to the people and groups
     * @return the question
     */
    public Question assigned(Assignment to) {
        return with(changed -> changed.assignment = to);
    }

    /**
     * Excludes people from answering, whatever other rights they have (separation of duties). Once people are
     * excluded, clients without an identity cannot answer either.
     *
     * @param people the names of the people, at most 1,000
     * @return the question
     * @throws FlowScriptException with code {@code invalid_question}
     */
    public Question notBy(String... people) {
        return with(changed -> changed.excluded = few(List.of(people), MAX_NAMES, "people who may not answer it"));
    }

    /**
     * Sets the times at which people are reminded while the question is open.
     *
     * @param after the times after asking, each more than zero and at most 100 years; at most 100 times
     * @return the question
     * @throws FlowScriptException with code {@code invalid_duration} or {@code invalid_question}
     */
    public Question remind(Duration... after) {
        List<Duration> times = few(List.of(after), MAX_MOMENTS, "reminders");
        times.forEach(Question::checked);
        return with(changed -> changed.reminders = times);
    }

    /**
     * Adds an escalation: if the question is still open after some time, it is assigned to other people. A question
     * has at most 100 escalations.
     *
     * @param after the time after asking, more than zero and at most 100 years
     * @param to the people and groups that the question is assigned to from then on
     * @return the question
     * @throws FlowScriptException with code {@code invalid_duration} or {@code invalid_question}
     */
    public Question escalate(Duration after, Assignment to) {
        List<Escalation> more = new ArrayList<>(values.escalations);
        more.add(new Escalation(checked(after), to));
        return with(changed -> changed.escalations = few(more, MAX_MOMENTS, "escalations"));
    }

    /**
     * Requires the answers of several people. The node gets one answer: the quorum's field holds the decision, and
     * {@code votes} lists all votes with {@code by}, {@code at} and {@code answer}.
     *
     * @param votes the rule that decides
     * @return the question
     */
    public Question decidedBy(Quorum votes) {
        return with(changed -> changed.quorum = votes);
    }

    /**
     * Sets the reason for asking, as text for people.
     *
     * @param text a short text
     * @return the question
     */
    public Question because(String text) {
        return with(changed -> changed.reason = text);
    }

    /**
     * Allows people to decline the question: the answer <code>{"_cancelled": true}</code> is accepted whatever the
     * schema requires.
     *
     * @return the question
     */
    public Question cancellable() {
        return with(changed -> changed.cancellable = true);
    }

    /** {@return the outcome that asks this question, without a memo} */
    public Ask ask() {
        return new Ask(this, null);
    }

    /**
     * Returns the outcome that asks this question.
     *
     * @param memo a value that the node gets back as {@link ExecutionContext#memo}, any JSON value
     * @return the outcome
     */
    public Ask ask(@Nullable Object memo) {
        return new Ask(this, memo);
    }

    /** {@return the JSON Schema of the answer, or null when any JSON value is accepted} */
    public @Nullable Object schema() {
        return values.schema;
    }

    /** {@return the hints for displaying the form, or null} */
    public @Nullable Object uiHints() {
        return values.uiHints;
    }

    /** {@return the data shown with the form, or null} */
    public @Nullable Map<String, @Nullable Object> context() {
        return values.context;
    }

    /**
     * Returns a hash of the data shown with a form. A client sends it back with an answer to state which data the
     * person saw.
     *
     * @param context the data that is shown, or null
     * @return the SHA-256 of the canonical JSON as 64 hexadecimal digits; null when the context is null
     */
    public static @Nullable String contextHash(@Nullable Map<String, @Nullable Object> context) {
        return context == null ? null : JsonText.hash(context);
    }

    /** {@return the initial values of the form, or null} */
    public @Nullable Object defaults() {
        return values.defaults;
    }

    /** {@return how long after asking the question can be answered, or null when there is no deadline} */
    public @Nullable Duration within() {
        return values.within;
    }

    /** {@return the people and groups that the question is assigned to} */
    public Assignment assignment() {
        return values.assignment;
    }

    /** {@return the names of the people who may not answer} */
    public List<String> excluded() {
        return values.excluded;
    }

    /** {@return the times after asking at which people are reminded} */
    public List<Duration> reminders() {
        return values.reminders;
    }

    /** {@return the escalations, in the order in which they were added} */
    public List<Escalation> escalations() {
        return values.escalations;
    }

    /** {@return the rule by which several people decide, or null when one answer is enough} */
    public @Nullable Quorum quorum() {
        return values.quorum;
    }

    /** {@return the reason for asking, or null} */
    public @Nullable String reason() {
        return values.reason;
    }

    /** {@return whether people may decline the question} */
    public boolean isCancellable() {
        return values.cancellable;
    }

    /**
     * Checks whether an answer declines this question. Such an answer is not validated against the schema.
     *
     * @param answer any JSON value
     * @return true if the question is cancellable and the answer is <code>{"_cancelled": true}</code>
     */
    public boolean isCancelledBy(@Nullable Object answer) {
        return values.cancellable && CANCELLED.equals(answer);
    }

    private static Duration checked(Duration duration) {
        if (duration.isNegative() || duration.isZero() || duration.compareTo(MAX_DURATION) > 0) {
            throw new FlowScriptException(
                    "invalid_duration", "A time for people is more than zero and at most 100 years, not " + duration);
        }
        return duration;
    }

    private static <T> List<T> few(List<T> items, int most, String what) {
        if (items.size() > most) {
            throw new FlowScriptException(
                    "invalid_question", "A question has at most " + most + " " + what + ", not " + items.size());
        }
        return List.copyOf(items);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return this == other || (other instanceof Question that && fields().equals(that.fields()));
    }

    @Override
    public int hashCode() {
        return fields().hashCode();
    }

    @Override
    public String toString() {
        return "Question" + fields();
    }

    /** All values by name, for {@code equals} and {@code toString}. */
    private Map<String, @Nullable Object> fields() {
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        fields.put("schema", values.schema);
        fields.put("uiHints", values.uiHints);
        fields.put("context", values.context);
        fields.put("defaults", values.defaults);
        fields.put("within", values.within);
        fields.put("assignment", values.assignment);
        fields.put("excluded", values.excluded);
        fields.put("reminders", values.reminders);
        fields.put("escalations", values.escalations);
        fields.put("quorum", values.quorum);
        fields.put("reason", values.reason);
        fields.put("cancellable", values.cancellable);
        return fields;
    }

    private Question with(Consumer<Values> change) {
        return new Question(values.with(change));
    }
}
