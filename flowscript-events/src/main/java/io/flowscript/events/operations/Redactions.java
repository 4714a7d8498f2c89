package io.flowscript.events.operations;

import io.flowscript.core.Identity;
import io.flowscript.core.bridge.EventRedactor;
import io.flowscript.core.bridge.Redaction;
import io.flowscript.core.concurrent.Guard;
import io.flowscript.core.interaction.Interaction;
import io.flowscript.core.json.Value;
import io.flowscript.core.observe.FlowScriptObserver;
import io.flowscript.core.runtime.Question;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Applies the application's redactor: finds what is hidden from an identity. A redactor that fails hides everything. Safe for use by any
 * thread.
 */
final class Redactions {

    private static final Logger LOGGER = LoggerFactory.getLogger(Redactions.class);

    /** A text that is the hash of nothing. */
    private static final String NEVER_SHOWN = "";

    private final EventRedactor redactor;
    private final FlowScriptObserver observer;

    Redactions(EventRedactor redactor, FlowScriptObserver observer) {
        this.redactor = redactor;
        this.observer = observer;
    }

    /** Whether nothing is hidden from anybody. */
    boolean areNone() {
        return redactor.equals(EventRedactor.NONE);
    }

    Redaction of(Identity who, String workflowId, String executionId) {
        if (areNone()) {
            return Redaction.NONE;
        }
        Supplier<Redaction> question = () ->
                Objects.requireNonNull(redactor.redaction(who, workflowId, executionId), "The redactor returned null");
        return Guard.call(question, thrown -> {
            Guard.report(
                    thrown,
                    shown -> LOGGER.error(
                            "The redactor failed on execution {}; all of its data is hidden", executionId, shown));
            observer.redactionFailed();
            return Redaction.ALL;
        });
    }

    Redaction of(Identity who, Interaction interaction) {
        return of(who, interaction.workflowId(), interaction.token().executionId());
    }

    /**
     * Finds the hash of all that is shown with an interaction for the hash of the part that a person has seen. If that is not what is
     * shown now, no hash of all is right: a person could find out a hidden value with answers that fit or do not.
     *
     * @param seen the hash that the person answers with, or null
     */
    // The nullness of type arguments elsewhere is not in the class files that JDK 17 reads.
    @SuppressWarnings("NullAway")
    static @Nullable String seen(Redaction redaction, Interaction asked, @Nullable String seen) {
        Question question = asked.question();
        if (seen == null || question == null || redaction.of("contextData").isNone()) {
            return seen;
        }
        boolean isShownNow = seen.equals(Question.contextHash(context(redaction, question.context())));
        return isShownNow ? Question.contextHash(question.context()) : NEVER_SHOWN;
    }

    /** What is shown of the values that belong to a question; null when there are none, or when all are hidden. */
    // The nullness of type arguments elsewhere is not in the class files that JDK 17 reads.
    @SuppressWarnings("NullAway")
    static @Nullable Map<String, @Nullable Object> context(
            Redaction redaction, @Nullable Map<String, @Nullable Object> context) {
        Redaction of = redaction.of("contextData");
        if (context == null || of.isNone()) {
            return context;
        }
        return of.hidesAll() ? null : Value.of(of.shown(context)).asMap();
    }

    /** Whether the names of people are hidden. */
    static boolean hidesPeople(Redaction redaction) {
        return redaction.of("by").hidesAll();
    }
}
