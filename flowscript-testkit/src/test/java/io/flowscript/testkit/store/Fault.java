package io.flowscript.testkit.store;

import java.util.List;

/** What {@link BrokenStore} can do wrong, and which rules of the contract are to find it. */
enum Fault {
    NONE,
    FORGETS_SNAPSHOTS_WITHOUT_EVENTS("S1"),
    LOSES_THE_LAST_EVENT_ON_REOPENING(
            "S1", "S2", "S3", "S6", "S9", "S10", "S11", "S17", "S20", "S21", "S24", "S25", "S27"),
    MOVES_THE_SNAPSHOT_TO_THE_LAST_EVENT("S2"),
    LOSES_EVENTS_WITHOUT_A_SNAPSHOT_ON_REOPENING("S2"),
    READS_IN_THE_ORDER_OF_IDS("S3"),
    READS_IN_THE_ORDER_OF_THE_LAST_COMMIT("S3"),
    READS_A_PAGE_ONLY("S3"),
    READS_THE_OLDEST_EVENTS("S4"),
    FAILS_TO_REMOVE_WHAT_IS_NOT_THERE("S5"),
    WRITES_WHAT_IT_REFUSES("S6"),
    ACCEPTS_AN_ID_THAT_EXISTS("S6", "S7"),
    FAILS_THE_NEIGHBOUR_OF_A_FAILURE("S7"),
    ACCEPTS_A_GAP("S8"),
    LEAVES_EVENTS_BEHIND("S9"),
    DROPS_ONE_OF_MANY("S10"),
    DROPS_WHAT_WAITS_AT_CLOSE("S11"),
    ACCEPTS_AFTER_CLOSE("S12"),
    LEAVES_A_THREAD("S13"),
    COMPLETES_ON_THE_WRITING_THREAD("S14"),
    SWALLOWS_WHAT_THE_RECEIVER_THROWS("S15"),
    WRITES_EVENTS_BEFORE_THE_SNAPSHOT("S16"),
    CUTS_LARGE_TEXTS("S17"),
    COPIES_DEFINITIONS("S18"),
    READS_NOTHING_FOR_A_NEGATIVE_MAXIMUM("S19"),
    FORGETS_THE_VISIT("S20"),
    FORGETS_CONFLATION_KEYS("S21"),
    COMPLETES_BEFORE_WRITING("S22"),
    LOCKS_WHILE_THE_RECEIVER_RUNS("S23"),
    READS_AFTER_CLOSE("S24"),
    IGNORES_CASE_IN_IDS("S25"),
    ACCEPTS_COMMITS_OF_THE_REMOVED("S26"),
    READS_FROM_ONE_EVENT_BEFORE("S27"),
    LEAVES_OUT_AN_EVENT_OF_A_PART("S27"),
    BEGINS_EACH_PART_AT_THE_FIRST_EVENT("S27"),
    FORGETS_THE_LAST_NUMBER("S2");

    private final String rules;

    Fault(String... rules) {
        this.rules = String.join(" ", rules);
    }

    List<String> rules() {
        return rules.isEmpty() ? List.of() : List.of(rules.split(" ", -1));
    }
}
