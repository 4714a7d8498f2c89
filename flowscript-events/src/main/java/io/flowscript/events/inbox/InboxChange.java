package io.flowscript.events.inbox;

import io.flowscript.core.interaction.Interaction;
import io.flowscript.core.runtime.PauseToken;

/**
 * What has changed in what fits a query.
 *
 * @since 0.1.0
 */
public sealed interface InboxChange {

    /**
     * An interaction fits now, and did not before.
     *
     * @param interaction as it is now
     */
    record Entered(Interaction interaction) implements InboxChange {}

    /**
     * An interaction that fitted has changed, and still fits.
     *
     * @param interaction as it is now
     */
    record Changed(Interaction interaction) implements InboxChange {}

    /**
     * An interaction that fitted does not any more, or is forgotten.
     *
     * @param token names it
     */
    record Left(PauseToken token) implements InboxChange {}

    /** More has changed than is kept for one follower: list anew, then go on with what follows. */
    record Missed() implements InboxChange {}
}
