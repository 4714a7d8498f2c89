package io.flowscript.core.runtime;

import io.flowscript.core.Assignment;
import io.flowscript.core.FlowScriptException;
import io.flowscript.core.json.Json;
import io.flowscript.core.text.JsonText;
import java.time.Duration;
import java.util.ArrayList;
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
    private static final Duration MAX_DURATION = Duration.ofDays(36_525);
    private static final int MAX_MOMENTS = 100;
    private static final int MAX_NAMES = 1_000;

    private @Nullable Object schema;
    private @Nullable Object uiHints;
    private @Nullable Map<String, @Nullable Object> context;
    private @Nullable Object defaults;
    private @Nullable Duration within;
    private Assignment assignment = Assignment.ANYBODY;
    private List<String> excluded = List.of();
    private List<Duration> reminders = List.of();
    private List<Escalation> escalations = List.of();
    private @Nullable Quorum quorum;
    private @Nullable String reason;
    private boolean cancellable;

    private Question() {}

    private Question(Question other) {
        schema = other.schema;
        uiHints = other.uiHints;
        context = other.context;
        defaults = other.defaults;
        within = other.within;
        assignment = other.assignment;
        excluded = other.excluded;
        reminders = other.reminders;
        escalations = other.escalations;
        quorum = other.quorum;
        reason = other.reason;
        cancellable = other.cancellable;
    }

    /**
     * A question that any JSON value answers.
     *
     * @return the question
     */
    public static Question open() {
        return new Question();
    }

    /**
     * A question whose answer must keep to a JSON Schema. An answer that does not is refused with every violation, and
     * the question stays open.
     *
     * @param schema a JSON Schema as plain values: a Map or a Boolean
     * @return the question
     */
    public static Question form(Object schema) {
        Question made = new Question();
        made.schema = Json.freeze(schema);
        return made;
    }

    /**
     * Hints for showing the form.
     *
     * @param hints any JSON value, handed on as it is
     * @return the question
     */
    public Question hints(@Nullable Object hints) {
        Question changed = new Question(this);
        changed.uiHints = Json.freeze(hints);
        return changed;
    }

    /**
     * What the person needs to see; nothing else of the state is shown.
     *
     * @param shown names and values
     * @return the question
     */
    public Question showing(Map<String, ? extends @Nullable Object> shown) {
        Question changed = new Question(this);
        changed.context = Json.object(shown);
        return changed;
    }

    /**
     * What the form begins with.
     *
     * @param values any JSON value
     * @return the question
     */
    public Question defaults(@Nullable Object values) {
        Question changed = new Question(this);
        changed.defaults = Json.freeze(values);
        return changed;
    }

    /**
     * Until when it can be answered, from the moment of asking. Without it, for ever.
     *
     * @param duration more than zero, at most 100 years
     * @return the question
     * @throws FlowScriptException with code {@code invalid_duration}
     */
    public Question within(Duration duration) {
        Question changed = new Question(this);
        changed.within = checked(duration);
        return changed;
    }

    /**
     * Whom it is meant for, by name, besides the groups of {@link #candidates}. Nobody at all means anybody.
     *
     * @param people names of people, at most 1,000
     * @return the question
     * @throws FlowScriptException with code {@code invalid_question}
     */
    public Question assignedTo(String... people) {
        return assigned(new Assignment(List.of(people), assignment.groups()));
    }

    /**
     * The groups any member of which can take it on, besides the people of {@link #assignedTo}.
     *
     * @param groups names of groups, at most 1,000
     * @return the question
     * @throws FlowScriptException with code {@code invalid_question}
     */
    public Question candidates(String... groups) {
        return assigned(new Assignment(assignment.people(), List.of(groups)));
    }

    /**
     * Whom it is meant for.
     *
     * @param to people and groups
     * @return the question
     */
    public Question assigned(Assignment to) {
        Question changed = new Question(this);
        changed.assignment = to;
        return changed;
    }

    /**
     * Who may not answer it, whatever else they may do: separation of duties. Somebody who does not say who they are may not either, then.
     *
     * @param people names of people, at most 1,000
     * @return the question
     * @throws FlowScriptException with code {@code invalid_question}
     */
    public Question notBy(String... people) {
        Question changed = new Question(this);
        changed.excluded = few(List.of(people), MAX_NAMES, "people who may not answer it");
        return changed;
    }

    /**
     * When to remind people while nobody has answered.
     *
     * @param after how long after it was asked, each more than zero and at most 100 years; at most 100
     * @return the question
     * @throws FlowScriptException with code {@code invalid_duration} or {@code invalid_question}
     */
    public Question remind(Duration... after) {
        Question changed = new Question(this);
        changed.reminders = few(List.of(after), MAX_MOMENTS, "reminders");
        changed.reminders.forEach(Question::checked);
        return changed;
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
        List<Escalation> more = new ArrayList<>(escalations);
        more.add(new Escalation(checked(after), to));
        Question changed = new Question(this);
        changed.escalations = few(more, MAX_MOMENTS, "escalations");
        return changed;
    }

    /**
     * Needs the answers of several people. The answer that the node gets holds the decision in the field of the quorum, and all
     * {@code votes} with {@code by}, {@code at} and {@code answer}.
     *
     * @param votes how many
     * @return the question
     */
    public Question decidedBy(Quorum votes) {
        Question changed = new Question(this);
        changed.quorum = votes;
        return changed;
    }

    /**
     * Why it is asked, for people.
     *
     * @param text a short text
     * @return the question
     */
    public Question because(String text) {
        Question changed = new Question(this);
        changed.reason = text;
        return changed;
    }

    /**
     * May be turned down: the answer <code>{"_cancelled": true}</code> is taken whatever the schema says.
     *
     * @return the question
     */
    public Question cancellable() {
        Question changed = new Question(this);
        changed.cancellable = true;
        return changed;
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
        return defaults;
    }

    /** {@return how long it can be answered, or null for ever} */
    public @Nullable Duration within() {
        return within;
    }

    /** {@return whom it is meant for} */
    public Assignment assignment() {
        return assignment;
    }

    /** {@return the names of who may not answer it} */
    public List<String> excluded() {
        return excluded;
    }

    /** {@return how long after it was asked people are reminded} */
    public List<Duration> reminders() {
        return reminders;
    }

    /** {@return whom it goes on to, and after how long} */
    public List<Escalation> escalations() {
        return escalations;
    }

    /** {@return the votes that it needs, or null when one answer will do} */
    public @Nullable Quorum quorum() {
        return quorum;
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
}
