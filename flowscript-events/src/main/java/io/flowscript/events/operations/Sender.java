package io.flowscript.events.operations;

import io.flowscript.core.Identity;
import org.jspecify.annotations.Nullable;

/**
 * The sender of a command. The idempotency keys of an identity with a name are valid across all its connections. Those
 * of {@link Identity#ANONYMOUS} are valid only within one place.
 *
 * @param who the identity
 * @param place distinguishes anonymous senders, for example the id of a connection or an address
 * @since 0.1.0
 */
public record Sender(Identity who, String place) {

    /** The scope in which the ids of its commands are unique. */
    String scope() {
        return isAnonymous() ? "at " + place : "by " + who.name();
    }

    /** The identity to name in events; null for an anonymous sender. */
    @Nullable
    Identity named() {
        return isAnonymous() ? null : who;
    }

    boolean isAnonymous() {
        return who.equals(Identity.ANONYMOUS);
    }
}
