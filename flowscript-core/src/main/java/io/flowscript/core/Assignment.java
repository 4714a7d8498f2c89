package io.flowscript.core;

import java.util.List;

/**
 * The people that an interaction is assigned to: single people, and all members of some groups. When both lists are
 * empty, it is assigned to everybody. Immutable; safe for use by any thread.
 *
 * @param people names of people, at most 1,000; may be empty
 * @param groups names of groups, at most 1,000; may be empty
 * @since 0.1.0
 */
public record Assignment(List<String> people, List<String> groups) {

    /** The assignment to everybody: no people and no groups. */
    public static final Assignment ANYBODY = new Assignment(List.of(), List.of());

    private static final int MAX_NAMES = 1_000;

    /**
     * Checks the numbers of names and copies the lists.
     *
     * @param people names of people, at most 1,000; without null
     * @param groups names of groups, at most 1,000; without null
     * @throws FlowScriptException with code {@code invalid_question} when a list has more than 1,000 names
     */
    public Assignment {
        if (people.size() > MAX_NAMES || groups.size() > MAX_NAMES) {
            throw new FlowScriptException(
                    "invalid_question",
                    "An interaction can be assigned to at most " + MAX_NAMES + " people and " + MAX_NAMES
                            + " groups, not " + people.size() + " and " + groups.size());
        }
        people = List.copyOf(people);
        groups = List.copyOf(groups);
    }

    /** {@return whether it is assigned to everybody} */
    public boolean isForAnybody() {
        return people.isEmpty() && groups.isEmpty();
    }

    /**
     * Tells whether somebody is among the assigned people.
     *
     * @param who the person or client to look for
     * @return true when {@code people} has the name, when {@code groups} has one of the groups, or when it is assigned to
     *     everybody
     */
    public boolean includes(Identity who) {
        if (isForAnybody() || people.contains(who.name())) {
            return true;
        }
        for (String group : groups) {
            if (who.groups().contains(group)) {
                return true;
            }
        }
        return false;
    }
}
