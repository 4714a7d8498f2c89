package io.flowscript.core.runtime;

import java.util.concurrent.CompletionStage;

/**
 * The result of a node: an {@link Edge} to follow, an {@link Ask} for people, a {@link Sleep}, or a stage that
 * completes with one of these.
 *
 * @since 0.1.0
 */
public sealed interface Outcome permits Edge, Ask, Sleep, Outcome.Later {

    /**
     * Returns an outcome that is completed asynchronously; no thread waits for it.
     *
     * @param stage a stage that completes with an Edge, an Ask or a Sleep; its failure fails the attempt
     * @return the outcome
     */
    static Outcome later(CompletionStage<? extends Outcome> stage) {
        return new Later(stage);
    }

    /**
     * An outcome that is completed asynchronously.
     *
     * @param stage a stage that completes with an Edge, an Ask or a Sleep; its failure fails the attempt
     */
    record Later(CompletionStage<? extends Outcome> stage) implements Outcome {}
}
