package io.flowscript.testkit;

import io.flowscript.core.Identity;
import io.flowscript.core.interaction.Interaction;
import io.flowscript.core.interaction.Interactions;
import io.flowscript.core.json.Json;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What a person does when they are asked something. Begun by {@link TestFlows#whenAsked(String)}; takes effect with the next thing that the test lets
 * happen, for questions that are open by then too.
 *
 * <p>Each person does what was said of them last: a later script of the same person for the same question takes the place of an earlier one. Different
 * people act independently of each other. What a person is to do is done even when the question is closed by then: they learn that they are too late.
 *
 * <p>For the thread of the test.
 *
 * @since 0.1.0
 */
public final class PersonScript {

    private final String title;
    private final Predicate<? super Interaction> asked;
    private final List<Step> steps = new ArrayList<>();
    private @Nullable Identity by;
    private Duration after = Duration.ZERO;
    private boolean ignores;
    private int times = Integer.MAX_VALUE;
    private int used;

    PersonScript(String title, Predicate<? super Interaction> asked) {
        this.title = title;
        this.asked = asked;
    }

    /** Something that a person does. */
    enum Kind {
        ANSWER("answered"),
        CLAIM("claimed"),
        RELEASE("released");

        private final String text;

        Kind(String text) {
            this.text = text;
        }

        @Override
        public String toString() {
            return text;
        }
    }

    /**
     * Something that a person does with a question.
     *
     * @param kind what
     * @param answer makes the answer
     * @param lease for how long it is claimed
     * @param after how long after it was asked
     */
    record Step(
            Kind kind,
            Function<? super Interaction, ? extends @Nullable Object> answer,
            Duration lease,
            Duration after) {}

    /**
     * Who it is.
     *
     * @param person a name, of somebody in no group
     * @return this
     */
    public PersonScript by(String person) {
        return by(Identity.of(person));
    }

    /**
     * Who it is. Without it, somebody who does not say who they are.
     *
     * @param person a person
     * @return this
     */
    public PersonScript by(Identity person) {
        by = person;
        return this;
    }

    /**
     * Answers.
     *
     * @param value any JSON value
     * @return this
     */
    public PersonScript answer(@Nullable Object value) {
        Object frozen = Json.freeze(value);
        return step(Kind.ANSWER, question -> frozen, Interactions.DEFAULT_LEASE);
    }

    /**
     * Answers with what the question, as it is then, leads to.
     *
     * @param value makes any JSON value
     * @return this
     */
    public PersonScript answerWith(Function<? super Interaction, ? extends @Nullable Object> value) {
        return step(Kind.ANSWER, value, Interactions.DEFAULT_LEASE);
    }

    /**
     * Takes the question on, for {@link Interactions#DEFAULT_LEASE}.
     *
     * @return this
     */
    public PersonScript claim() {
        return claim(Interactions.DEFAULT_LEASE);
    }

    /**
     * Takes the question on.
     *
     * @param lease for how long
     * @return this
     */
    public PersonScript claim(Duration lease) {
        return step(Kind.CLAIM, question -> null, lease);
    }

    /**
     * Gives the question back.
     *
     * @return this
     */
    public PersonScript release() {
        return step(Kind.RELEASE, question -> null, Interactions.DEFAULT_LEASE);
    }

    /**
     * Does nothing. Together with {@link #by(String)} this is about that person; without, about everybody who was scripted for the question before.
     *
     * @return this
     */
    public PersonScript ignore() {
        ignores = true;
        return this;
    }

    /**
     * When, after the question was asked: of what was said last, and of what is said next unless it has a time of its own. Without it, at once. Who acts at the very
     * moment of a deadline is too late.
     *
     * @param time how long after the question was asked, zero or more
     * @return this
     */
    public PersonScript after(Duration time) {
        if (time.isNegative()) {
            throw new IllegalArgumentException("Nobody acts before they are asked: after(" + time + ")");
        }
        after = time;
        if (!steps.isEmpty()) {
            Step last = steps.remove(steps.size() - 1);
            steps.add(new Step(last.kind(), last.answer(), last.lease(), time));
        }
        return this;
    }

    /**
     * For so many questions; then what was scripted before counts again.
     *
     * @param questions how many, from 1
     * @return this
     */
    public PersonScript times(int questions) {
        if (questions < 1) {
            throw new IllegalArgumentException("A script is for at least one question: times(" + questions + ")");
        }
        times = questions;
        return this;
    }

    /**
     * For one question.
     *
     * @return this
     */
    public PersonScript once() {
        return times(1);
    }

    private PersonScript step(
            Kind kind, Function<? super Interaction, ? extends @Nullable Object> answer, Duration lease) {
        steps.add(new Step(kind, answer, lease, after));
        return this;
    }

    boolean isFor(Interaction interaction) {
        return asked.test(interaction);
    }

    /** Takes one of its times; false when there is none left. */
    boolean use() {
        if (used == times) {
            return false;
        }
        used++;
        return true;
    }

    void unuse() {
        used--;
    }

    @Nullable
    Identity by() {
        return by;
    }

    List<Step> steps() {
        if (steps.isEmpty() && !ignores) {
            throw new IllegalStateException(
                    title + " does not say what is to be done: answer, claim, release or ignore");
        }
        return ignores ? List.of() : List.copyOf(steps);
    }

    boolean silencesAll() {
        return ignores && by == null;
    }

    @Override
    public String toString() {
        Identity person = by;
        return person == null ? title : title + ".by(\"" + person.name() + "\")";
    }
}
