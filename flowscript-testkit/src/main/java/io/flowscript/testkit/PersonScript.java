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
 * What a person does when they are asked something. Created by {@link TestFlows#whenAsked(String)}. A script applies
 * to interactions that open later and to those that are open when the test next lets something run.
 *
 * <p>A later script of the same person for the same interaction replaces an earlier one. Different people act
 * independently. A person acts even if the interaction is closed by then; their receipt says that they are too late.
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

    /** A kind of step. */
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
     * One thing that a person does with an interaction.
     *
     * @param kind the kind
     * @param answer creates the answer
     * @param lease how long a claim lasts
     * @param after how long after the interaction was opened
     */
    record Step(
            Kind kind,
            Function<? super Interaction, ? extends @Nullable Object> answer,
            Duration lease,
            Duration after) {}

    /**
     * Sets the person.
     *
     * @param person a name, of a person in no group
     * @return this
     */
    public PersonScript by(String person) {
        return by(Identity.of(person));
    }

    /**
     * Sets the person. Default: an anonymous person.
     *
     * @param person a person
     * @return this
     */
    public PersonScript by(Identity person) {
        by = person;
        return this;
    }

    /**
     * Lets the person answer.
     *
     * @param value any JSON value
     * @return this
     */
    public PersonScript answer(@Nullable Object value) {
        Object frozen = Json.freeze(value);
        return step(Kind.ANSWER, question -> frozen, Interactions.DEFAULT_LEASE);
    }

    /**
     * Lets the person give an answer that depends on the interaction as it is then.
     *
     * @param value creates any JSON value
     * @return this
     */
    public PersonScript answerWith(Function<? super Interaction, ? extends @Nullable Object> value) {
        return step(Kind.ANSWER, value, Interactions.DEFAULT_LEASE);
    }

    /**
     * Lets the person claim the interaction for {@link Interactions#DEFAULT_LEASE}.
     *
     * @return this
     */
    public PersonScript claim() {
        return claim(Interactions.DEFAULT_LEASE);
    }

    /**
     * Lets the person claim the interaction.
     *
     * @param lease how long the claim lasts
     * @return this
     */
    public PersonScript claim(Duration lease) {
        return step(Kind.CLAIM, question -> null, lease);
    }

    /**
     * Lets the person release the interaction.
     *
     * @return this
     */
    public PersonScript release() {
        return step(Kind.RELEASE, question -> null, Interactions.DEFAULT_LEASE);
    }

    /**
     * Lets the person do nothing. With {@link #by(String)} this replaces that person's script; without it, all
     * scripts for the interaction.
     *
     * @return this
     */
    public PersonScript ignore() {
        ignores = true;
        return this;
    }

    /**
     * Sets when the previous step is done, and the following steps unless they have a time of their own. Default: at
     * once. A person who acts exactly at a deadline is too late.
     *
     * @param time the time since the interaction was opened, zero or more
     * @return this
     * @throws IllegalArgumentException if the time is negative
     */
    public PersonScript after(Duration time) {
        if (time.isNegative()) {
            throw new IllegalArgumentException("after must be zero or more, not " + time + "");
        }
        after = time;
        if (!steps.isEmpty()) {
            Step last = steps.remove(steps.size() - 1);
            steps.add(new Step(last.kind(), last.answer(), last.lease(), time));
        }
        return this;
    }

    /**
     * Limits the script to a number of interactions. After these, earlier scripts apply again.
     *
     * @param questions how many interactions, from 1
     * @return this
     * @throws IllegalArgumentException if the number is less than 1
     */
    public PersonScript times(int questions) {
        if (questions < 1) {
            throw new IllegalArgumentException("times must be at least 1, not " + questions);
        }
        times = questions;
        return this;
    }

    /**
     * Limits the script to one interaction.
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

    /** Uses the script once. Returns false if it may not be used any more. */
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
            throw new IllegalStateException(title + " has no step; call answer, claim, release or ignore");
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
