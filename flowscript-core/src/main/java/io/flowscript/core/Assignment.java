package io.flowscript.core;

import java.util.List;

/**
 * Whom something is meant for: people by name, and groups any member of which will do.
 *
 * @param people names of people, at most 1,000; may be empty
 * @param groups names of groups, at most 1,000; may be empty. Nobody at all means anybody.
 * @since 0.1.0
 */
public record Assignment(List<String> people, List<String> groups) {

    /** Meant for anybody. */
    public static final Assignment ANYBODY = new Assignment(List.of(), List.of());

    private static final int MAX_NAMES = 1_000;

    /**
     * Checks and copies.
     *
     * @param people names of people, at most 1,000
     * @param groups names of groups, at most 1,000
     * @throws FlowScriptException with code {@code invalid_question} when there are more
     */
    public Assignment {
        if (people.size() > MAX_NAMES || groups.size() > MAX_NAMES) {
            throw new FlowScriptException(
                    "invalid_question",
                    "A question can be assigned to at most " + MAX_NAMES + " people and " + MAX_NAMES + " groups, not "
                            + people.size() + " and " + groups.size());
        }
        people = List.copyOf(people);
        groups = List.copyOf(groups);
    }

    /** {@return whether it is meant for anybody} */
    public boolean isForAnybody() {
        return people.isEmpty() && groups.isEmpty();
    }

    /**
     * Whether somebody is meant.
     *
     * @param who somebody
     * @return true when they are named, when one of their groups is, and when it is meant for anybody
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
