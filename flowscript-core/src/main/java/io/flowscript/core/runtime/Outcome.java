package io.flowscript.core.runtime;

import java.util.concurrent.CompletionStage;

/**
 * What a node returns: an {@link Edge} to leave by, an {@link Ask} for a person, a {@link Sleep} for a time, or one of
 * these later.
 *
 * @since 0.1.0
 */
public sealed interface Outcome permits Edge, Ask, Sleep, Outcome.Later {

    /**
     * An outcome that comes later; no thread waits for it.
     *
     * @param stage completes with an Edge, an Ask or a Sleep, or fails the attempt
     * @return the outcome
     */
    static Outcome later(CompletionStage<? extends Outcome> stage) {
        return new Later(stage);
    }

    /**
     * An outcome that comes later.
     *
     * @param stage completes with an Edge, an Ask or a Sleep, or fails the attempt
     */
    record Later(CompletionStage<? extends Outcome> stage) implements Outcome {}
}
