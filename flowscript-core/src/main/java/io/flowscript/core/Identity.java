package io.flowscript.core;

import java.util.Objects;
import java.util.Set;

/**
 * Who somebody is: a name, and the groups that it belongs to. Given by the transport or the application; FlowScript
 * never makes one up for a person, it only carries it into receipts and events.
 *
 * @param name a name that is unique in the application, 1 to 256 characters
 * @param groups the groups, at most 1,000; may be empty
 * @since 0.1.0
 */
public record Identity(String name, Set<String> groups) {

    /** Somebody whose transport did not say who it is. */
    public static final Identity ANONYMOUS = new Identity("anonymous", Set.of());

    /** The engine itself: timers, retention, {@code close()}. */
    public static final Identity SYSTEM = new Identity("system", Set.of());

    private static final int MAX_NAME_LENGTH = 256;
    private static final int MAX_GROUPS = 1_000;

    /**
     * Checks and copies.
     *
     * @param name a name that is unique in the application, 1 to 256 characters
     * @param groups the groups, at most 1,000
     * @throws FlowScriptException with code {@code invalid_identity} when a bound is broken
     */
    public Identity {
        Objects.requireNonNull(name, "name");
        if (name.isBlank() || name.length() > MAX_NAME_LENGTH) {
            throw new FlowScriptException(
                    "invalid_identity",
                    "An identity needs a name of 1 to " + MAX_NAME_LENGTH + " characters, this one has "
                            + name.strip().length());
        }
        if (groups.size() > MAX_GROUPS) {
            throw new FlowScriptException(
                    "invalid_identity",
                    "An identity may be in at most " + MAX_GROUPS + " groups, this one is in " + groups.size());
        }
        groups = Set.copyOf(groups);
    }

    /**
     * An identity in no group.
     *
     * @param name a name that is unique in the application, 1 to 256 characters
     * @return the identity
     */
    public static Identity of(String name) {
        return new Identity(name, Set.of());
    }

    /**
     * An identity in some groups.
     *
     * @param name a name that is unique in the application, 1 to 256 characters
     * @param groups the groups
     * @return the identity
     */
    public static Identity of(String name, String... groups) {
        return new Identity(name, Set.of(groups));
    }
}
