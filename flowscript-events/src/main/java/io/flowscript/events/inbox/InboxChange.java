package io.flowscript.events.inbox;

import io.flowscript.core.interaction.Interaction;
import io.flowscript.core.runtime.PauseToken;

/**
 * A change of a query's result, as reported by {@link Inbox#subscribe} and {@link Inbox#follow}. Immutable.
 *
 * @since 0.1.0
 */
public sealed interface InboxChange {

    /**
     * An interaction matches now and did not match before. When the engine has a store, it may have matched before.
     *
     * @param interaction the interaction as it is now
     */
    record Entered(Interaction interaction) implements InboxChange {}

    /**
     * An interaction that matched has changed and still matches.
     *
     * @param interaction the interaction as it is now
     */
    record Changed(Interaction interaction) implements InboxChange {}

    /**
     * An interaction that matched no longer matches, or the engine no longer remembers it. When the engine has a store, nothing
     * may have been told of it before: it came and went, and a list may have shown it meanwhile.
     *
     * @param token the interaction
     */
    record Left(PauseToken token) implements InboxChange {}

    /**
     * Changes were lost, because more waited than {@link InboxLimits#maxChanges(int)} permits. List the result again,
     * then apply the changes that follow.
     */
    record Missed() implements InboxChange {}
}
