package io.flowscript.events.inbox;

import org.jspecify.annotations.Nullable;

/**
 * The changes that one follower has not taken yet: for each interaction only the latest state, and for at most
 * {@link InboxLimits#maxChanges(int)} interactions. Safe for use by any thread.
 *
 * @since 0.1.0
 */
public interface InboxChanges extends AutoCloseable {

    /** {@return the change that has waited longest; null when there is none. The follower is woken when one arrives.} */
    @Nullable
    InboxChange poll();

    /** Stops collecting and drops the changes that were not taken. Closing twice is harmless. */
    @Override
    void close();
}
