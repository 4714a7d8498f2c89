package io.flowscript.core.concurrent;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Counts how much of something each sender has. A sender that has nothing takes no memory. Safe for use by any thread.
 */
public final class Shares {

    private final int max;
    private final Map<String, Integer> taken = new ConcurrentHashMap<>();

    /**
     * Creates shares.
     *
     * @param max how much a sender may have
     */
    public Shares(int max) {
        this.max = max;
    }

    /**
     * Takes one more for a sender, if it may have that.
     *
     * @param sender the sender; null for one that is not counted
     * @return whether the sender may have one more, which is then counted
     */
    public boolean take(@Nullable String sender) {
        if (sender == null) {
            return true;
        }
        boolean[] granted = new boolean[1];
        taken.compute(sender, (same, now) -> {
            int before = now == null ? 0 : now;
            granted[0] = before < max;
            return granted[0] ? Integer.valueOf(before + 1) : now;
        });
        return granted[0];
    }

    /**
     * Counts one less, which was taken before.
     *
     * @param sender the sender; null for one that is not counted
     */
    public void giveBack(@Nullable String sender) {
        if (sender != null) {
            taken.computeIfPresent(sender, (same, now) -> now > 1 ? now - 1 : null);
        }
    }

    /** {@return how many senders have something} */
    public int senders() {
        return taken.size();
    }
}
