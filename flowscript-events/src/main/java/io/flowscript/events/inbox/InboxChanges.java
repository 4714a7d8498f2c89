package io.flowscript.events.inbox;

import org.jspecify.annotations.Nullable;

/**
 * The changes that one follower has not taken yet: of each interaction the latest state, and of no more interactions than
 * {@link InboxLimits#maxChanges(int)}. Safe for use by any thread.
 *
 * @since 0.1.0
 */
public interface InboxChanges extends AutoCloseable {

    /** {@return the change that waits the longest; null when none does: the follower is woken when one comes} */
    @Nullable
    InboxChange poll();

    /** Ends it; what was not taken is gone. Closing twice is harmless. */
    @Override
    void close();
}
