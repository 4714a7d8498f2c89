package io.flowscript.events.operations;

import io.flowscript.core.Identity;
import org.jspecify.annotations.Nullable;

/**
 * The sender of a command. The idempotency keys of an identity with a name are valid across all its connections. Those
 * of {@link Identity#ANONYMOUS} are valid only within one place.
 *
 * @param who the identity
 * @param place distinguishes anonymous senders, for example the id of a connection or an address
 * @param address where it comes from: anonymous senders of one address share limits; null when it is not known
 * @since 0.1.0
 */
public record Sender(Identity who, String place, @Nullable String address) {

    /**
     * Makes a sender whose address is not known.
     *
     * @param who the identity
     * @param place distinguishes anonymous senders
     */
    public Sender(Identity who, String place) {
        this(who, place, null);
    }

    /** Whose executions count together: those of an identity, or of all anonymous senders of an address; null for one that is not counted. */
    @Nullable
    String share() {
        if (!isAnonymous()) {
            return scope();
        }
        return address == null ? null : "at " + address;
    }

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
