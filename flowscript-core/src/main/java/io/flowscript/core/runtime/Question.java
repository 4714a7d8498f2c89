package io.flowscript.core.runtime;

import io.flowscript.core.Assignment;
import io.flowscript.core.FlowScriptException;
import io.flowscript.core.json.Json;
import io.flowscript.core.settings.SettingValues;
import io.flowscript.core.text.JsonText;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What a person is asked: a form, what is shown with it, until when, and whom. Immutable; each method returns a new one.
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
     * A question that any JSON value answers.
     *
     * @return the question
     */
    public static Question open() {
        return new Question(new Values());
    }

    /**
     * A question whose answer must keep to a JSON Schema. An answer that does not is refused with every violation, and
     * the question stays open.
     *
     * @param schema a JSON Schema as plain values: a Map or a Boolean
     * @return the question
     */
    public static Question form(Object schema) {
        Object frozen = Json.freeze(schema);
        return open().with(changed -> changed.schema = frozen);
    }

    /**
     * Hints for showing the form.
     *
     * @param hints any JSON value, handed on as it is
     * @return the question
     */
    public Question hints(@Nullable Object hints) {
        return with(changed -> changed.uiHints = Json.freeze(hints));
    }

    /**
     * What the person needs to see; nothing else of the state is shown.
     *
     * @param shown names and values
     * @return the question
     */
    public Question showing(Map<String, ? extends @Nullable Object> shown) {
        return with(changed -> changed.context = Json.object(shown));
    }

    /**
     * What the form begins with.
     *
     * @param value any JSON value
     * @return the question
     */
    public Question defaults(@Nullable Object value) {
        return with(changed -> changed.defaults = Json.freeze(value));
    }

    /**
     * Until when it can be answered, from the moment of asking. Without it, for ever.
     *
     * @param duration more than zero, at most 100 years
     * @return the question
     * @throws FlowScriptException with code {@code invalid_duration}
     */
    public Question within(Duration duration) {
        return with(changed -> changed.within = checked(duration));
    }

    /**
     * Whom it is meant for, by name, besides the groups of {@link #candidates}. Nobody at all means anybody.
     *
     * @param people names of people, at most 1,000
     * @return the question
     * @throws FlowScriptException with code {@code invalid_question}
     */
    public Question assignedTo(String... people) {
        return assigned(new Assignment(List.of(people), values.assignment.groups()));
    }

    /**
     * The groups any member of which can take it on, besides the people of {@link #assignedTo}.
     *
     * @param groups names of groups, at most 1,000
     * @return the question
     * @throws FlowScriptException with code {@code invalid_question}
     */
    public Question candidates(String... groups) {
        return assigned(new Assignment(values.assignment.people(), List.of(groups)));
    }

    /**
     * Whom it is meant for.
     *
     * @param to people and groups
     * @return the question
     */
    public Question assigned(Assignment to) {
        return with(changed -> changed.assignment = to);
    }

    /**
     * Who may not answer it, whatever else they may do: separation of duties. Somebody who does not say who they are may not either, then.
     *
     * @param people names of people, at most 1,000
     * @return the question
     * @throws FlowScriptException with code {@code invalid_question}
     */
    public Question notBy(String... people) {
        return with(changed -> changed.excluded = few(List.of(people), MAX_NAMES, "people who may not answer it"));
    }

    /**
     * When to remind people while nobody has answered.
     *
     * @param after how long after it was asked, each more than zero and at most 100 years; at most 100
     * @return the question
     * @throws FlowScriptException with code {@code invalid_duration} or {@code invalid_question}
     */
    public Question remind(Duration... after) {
        List<Duration> times = few(List.of(after), MAX_MOMENTS, "reminders");
        times.forEach(Question::checked);
        return with(changed -> changed.reminders = times);
    }

    /**
     * Goes on to other people when nobody has answered for a while, besides what was said before.
     *
     * @param after how long after it was asked, more than zero and at most 100 years; at most 100 times
     * @param to whom it is meant for from then on
     * @return the question
     * @throws FlowScriptException with code {@code invalid_duration} or {@code invalid_question}
     */
    public Question escalate(Duration after, Assignment to) {
        List<Escalation> more = new ArrayList<>(values.escalations);
        more.add(new Escalation(checked(after), to));
        return with(changed -> changed.escalations = few(more, MAX_MOMENTS, "escalations"));
    }

    /**
     * Needs the answers of several people. The answer that the node gets holds the decision in the field of the quorum, and all
     * {@code votes} with {@code by}, {@code at} and {@code answer}.
     *
     * @param votes how many
     * @return the question
     */
    public Question decidedBy(Quorum votes) {
        return with(changed -> changed.quorum = votes);
    }

    /**
     * Why it is asked, for people.
     *
     * @param text a short text
     * @return the question
     */
    public Question because(String text) {
        return with(changed -> changed.reason = text);
    }

    /**
     * May be turned down: the answer <code>{"_cancelled": true}</code> is taken whatever the schema says.
     *
     * @return the question
     */
    public Question cancellable() {
        return with(changed -> changed.cancellable = true);
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
        return values.schema;
    }

    /** {@return hints for showing it, or null} */
    public @Nullable Object uiHints() {
        return values.uiHints;
    }

    /** {@return what is shown with it, or null} */
    public @Nullable Map<String, @Nullable Object> context() {
        return values.context;
    }

    /**
     * What is shown, as a short text that is another one when something else is shown: who sends it back with an answer says what they saw.
     *
     * @param context what is shown, or null
     * @return the SHA-256 of its canonical JSON as 64 hexadecimal digits; null when nothing is shown
     */
    public static @Nullable String contextHash(@Nullable Map<String, @Nullable Object> context) {
        return context == null ? null : JsonText.hash(context);
    }

    /** {@return what the form begins with, or null} */
    public @Nullable Object defaults() {
        return values.defaults;
    }

    /** {@return how long it can be answered, or null for ever} */
    public @Nullable Duration within() {
        return values.within;
    }

    /** {@return whom it is meant for} */
    public Assignment assignment() {
        return values.assignment;
    }

    /** {@return the names of who may not answer it} */
    public List<String> excluded() {
        return values.excluded;
    }

    /** {@return how long after it was asked people are reminded} */
    public List<Duration> reminders() {
        return values.reminders;
    }

    /** {@return whom it goes on to, and after how long} */
    public List<Escalation> escalations() {
        return values.escalations;
    }

    /** {@return the votes that it needs, or null when one answer will do} */
    public @Nullable Quorum quorum() {
        return values.quorum;
    }

    /** {@return why it is asked, or null} */
    public @Nullable String reason() {
        return values.reason;
    }

    /** {@return whether it may be turned down} */
    public boolean isCancellable() {
        return values.cancellable;
    }

    /**
     * Whether an answer turns this question down. Such an answer is not held against the schema.
     *
     * @param answer any JSON value
     * @return true only when the question may be turned down and the answer says so
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

    private Question with(Consumer<Values> change) {
        return new Question(values.with(change));
    }
}
