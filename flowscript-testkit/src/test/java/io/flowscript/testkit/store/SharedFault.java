package io.flowscript.testkit.store;

import java.util.List;

/** What {@link BrokenSharedStore} can do wrong, and which rules of the contract are to find it. */
enum SharedFault {
    NONE,
    COUNTS_FENCES_FROM_ZERO("M1"),
    HIDES_THE_SURPLUS("M2", "M10"),
    LETS_NO_LEASE_END("M3", "M7", "M14"),
    RENEWS_WHAT_IT_HAS_LOST("M3", "M4"),
    CLOSES_IN_SILENCE("M5"),
    KEEPS_SHARDS_AT_THE_CLOSE("M5", "M8", "M15"),
    FINDS_WHAT_IT_HAS_WRITTEN("M6", "M7", "M10"),
    ACCEPTS_ANY_FENCE("M7"),
    ACCEPTS_AN_ID_TWICE("M8"),
    TELLS_THE_MEMBER_ITSELF("M9"),
    TELLS_OF_NO_START("M9"),
    CUTS_LONG_CHANGES("M10"),
    REPEATS_COMMANDS("M11", "M12", "M14"),
    GIVES_COMMANDS_TO_ALL("M11"),
    FORGETS_REPLIES("M12"),
    IGNORES_WITHDRAWALS("M13"),
    FORGETS_WHAT_AN_OWNER_HAS_TAKEN("M14"),
    RENEWS_AFTER_THE_CLOSE("M15");

    private final String rules;

    SharedFault(String... rules) {
        this.rules = String.join(" ", rules);
    }

    List<String> rules() {
        return rules.isEmpty() ? List.of() : List.of(rules.split(" ", -1));
    }
}
