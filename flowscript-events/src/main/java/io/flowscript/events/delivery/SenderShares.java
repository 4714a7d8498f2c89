package io.flowscript.events.delivery;

import io.flowscript.core.Identity;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Counts how much of something each sender has. A sender is an identity, or all anonymous clients of one address. Anonymous clients without an
 * address are not counted. A sender that has nothing takes no memory. Safe for use by any thread.
 */
final class SenderShares {

    private final int max;
    private final Map<String, Integer> taken = new ConcurrentHashMap<>();

    /**
     * Creates shares.
     *
     * @param max how much a sender may have
     */
    SenderShares(int max) {
        this.max = max;
    }

    /** {@return whether the sender may have one more, which is then counted} */
    boolean take(@Nullable String sender) {
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

    /** Counts one less, which was taken before. */
    void giveBack(@Nullable String sender) {
        if (sender != null) {
            taken.computeIfPresent(sender, (same, now) -> now > 1 ? now - 1 : null);
        }
    }

    /** {@return how many senders have something} */
    int senders() {
        return taken.size();
    }

    /** {@return the sender that a client counts as; null for one that is not counted} */
    static @Nullable String sender(Identity identity, @Nullable String address) {
        if (!identity.name().equals(Identity.ANONYMOUS.name())) { // groups may change while a client is connected
            return "by " + identity.name();
        }
        return address == null ? null : "at " + address;
    }
}
