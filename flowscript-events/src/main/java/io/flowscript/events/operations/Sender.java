package io.flowscript.events.operations;

import io.flowscript.core.Identity;
import org.jspecify.annotations.Nullable;

/**
 * Who sends a command. The idempotency keys of somebody with a name hold wherever they are; those of {@link Identity#ANONYMOUS} hold in one place.
 *
 * @param who the identity
 * @param place distinguishes senders without a name, such as the id of a connection or an address
 * @since 0.1.0
 */
public record Sender(Identity who, String place) {

    /** In which the ids of its commands are unique. */
    String scope() {
        return isAnonymous() ? "at " + place : "by " + who.name();
    }

    /** Whom an event names; null for somebody without a name. */
    @Nullable
    Identity named() {
        return isAnonymous() ? null : who;
    }

    boolean isAnonymous() {
        return who.equals(Identity.ANONYMOUS);
    }
}
