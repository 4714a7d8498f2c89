package io.flowscript.testkit.transport;

import java.util.List;

/** What {@link PipeTransport} can do wrong, and which rules of the contract are to find it. */
enum Fault {
    NONE,
    CUTS_LARGE_MESSAGES_SHORT("T1"),
    FORGETS_FRAMES_FROM_THE_500TH("T2"),
    READS_ONE_MESSAGE_A_FRAME("T3"),
    SAYS_SENT_TWICE("T4"),
    NEVER_DONE_WITH_NOTHING("T5"),
    READS_BUFFERS_FROM_ZERO("T6"),
    MOVES_POSITIONS("T7"),
    LOSES_WHAT_IS_SENT_WITHIN_CONNECT("T8"),
    BLOCKS_IN_SEND("T9"),
    BUFFERS_WITHOUT_BOUND("T10"),
    LOSES_WHAT_WAS_HELD_UP("T11"),
    HAS_ONE_LANE_FOR_ALL("T12"),
    LOSES_LARGE_MESSAGES_IN("T13"),
    HANDS_IN_ONE_TOO_MANY("T14"),
    READS_A_FLOOD_INTO_MEMORY("T15"),
    GOES_DEEPER_WITH_EACH_MESSAGE("T16"),
    HANDS_IN_WHAT_IS_TOO_LARGE("T17"),
    HANDS_IN_GARBAGE("T18"),
    DOES_NOT_NOTICE_LEAVING("T4", "T19", "T22", "T26", "T41"),
    DOES_NOT_NOTICE_A_CUT("T20", "T21", "T36", "T41"),
    FORGETS_DONE_WHEN_CUT("T21"),
    SAYS_SENT_AFTER_THE_END("T22"),
    IGNORES_A_NORMAL_CLOSE("T23", "T24"),
    LOSES_THE_REASON("T24"),
    DROPS_WHAT_IS_UNDER_WAY_ON_CLOSE("T25"),
    THROWS_ON_A_SECOND_CLOSE("T26"),
    WAITS_FOR_THE_READER_TO_CLOSE("T27"),
    HANDS_IN_AFTER_CLOSE("T28"),
    IGNORES_CLOSE_WITHIN_RECEIVE("T29"),
    IGNORES_CLOSE_WITHIN_DONE("T30"),
    IGNORES_CLOSE_WITHIN_CONNECT("T31"),
    KEEPS_WHO_IS_REFUSED("T32"),
    KEEPS_WHO_COULD_NOT_BE_CONNECTED("T33"),
    KEEPS_WHOSE_RECEIVE_FAILED("T34"),
    PONGS_TWICE("T35"),
    PONGS_FOR_THE_DEAD("T36"),
    LEAVES_SLOW_CLIENTS_WHEN_CLOSED("T37"),
    LEAVES_A_THREAD("T38"),
    THROWS_WHEN_CLOSED_AGAIN("T39"),
    TAKES_CLIENTS_IN_WHEN_CLOSED("T40"),
    FORGETS_TO_FORGET("T41");

    private final String rules;

    Fault(String... rules) {
        this.rules = String.join(" ", rules);
    }

    List<String> rules() {
        return rules.isEmpty() ? List.of() : List.of(rules.split(" ", -1));
    }
}
