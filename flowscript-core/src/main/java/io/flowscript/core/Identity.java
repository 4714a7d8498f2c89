package io.flowscript.core;

import java.util.Objects;
import java.util.Set;

/**
 * A person or a client: its name and the names of its groups. The transport or the application provides it, and
 * FlowScript copies the name into receipts and events. FlowScript does not authenticate anybody. Immutable; safe for use by
 * any thread.
 *
 * @param name a name that is unique in the application, 1 to 256 characters, not blank
 * @param groups the names of the groups, at most 1,000; may be empty
 * @since 0.1.0
 */
public record Identity(String name, Set<String> groups) {

    /** The identity of a client whose transport gives none. */
    public static final Identity ANONYMOUS = new Identity("anonymous", Set.of());

    private static final int MAX_NAME_LENGTH = 256;
    private static final int MAX_GROUPS = 1_000;

    /**
     * Checks the name and the number of groups, and copies the groups.
     *
     * @param name a name that is unique in the application, 1 to 256 characters, not blank
     * @param groups the names of the groups, at most 1,000; without null
     * @throws FlowScriptException with code {@code invalid_identity} when the name is blank or too long, or when there are too
     *     many groups
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
     * Makes an identity without groups.
     *
     * @param name a name that is unique in the application, 1 to 256 characters, not blank
     * @return the identity
     * @throws FlowScriptException with code {@code invalid_identity} when the name is blank or too long
     */
    public static Identity of(String name) {
        return new Identity(name, Set.of());
    }

    /**
     * Makes an identity with groups.
     *
     * @param name a name that is unique in the application, 1 to 256 characters, not blank
     * @param groups the names of the groups, at most 1,000, each given once
     * @return the identity
     * @throws FlowScriptException with code {@code invalid_identity} when the name is blank or too long, or when there are too
     *     many groups
     * @throws IllegalArgumentException when a group is given twice
     */
    public static Identity of(String name, String... groups) {
        return new Identity(name, Set.of(groups));
    }
}
