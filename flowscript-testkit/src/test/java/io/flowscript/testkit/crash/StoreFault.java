package io.flowscript.testkit.crash;

/** What {@link SloppySubject} does wrong when it is killed, and a rule of a history that finds it. */
enum StoreFault {
    NONE(null),
    FORGETS_AN_EXECUTION(HistoryRule.STARTED_STAYS),
    LOSES_THE_LAST_COMMIT(HistoryRule.SEEN_STAYS),
    LOSES_THE_LAST_COMMIT_BUT_ITS_SNAPSHOT(HistoryRule.CONTIGUOUS_LOG),
    LOSES_THE_LAST_COMMIT_BUT_ITS_EVENTS(HistoryRule.ONE_END_OF_A_VISIT),
    LOSES_A_COMMIT_IN_THE_MIDDLE(HistoryRule.CONTIGUOUS_LOG),
    WRITES_THE_LAST_COMMIT_TWICE(HistoryRule.CONTIGUOUS_LOG),
    SWAPS_THE_LAST_TWO_COMMITS(HistoryRule.FINISHED_RUNS_ONCE),
    BEGINS_A_NEW_EPOCH(HistoryRule.SEEN_ONCE),
    FORGETS_THE_ATTEMPT(HistoryRule.FINISHED_RUNS_ONCE),
    CHANGES_AN_EVENT(HistoryRule.CALL_IS_STORED),
    FORGETS_CLOSED_QUESTIONS(HistoryRule.QUESTION_STAYS),
    LOSES_AN_ANSWER(HistoryRule.ACCEPTED_STAYS),
    FORGETS_VOTES(HistoryRule.ONE_RECEIPT),
    ASKS_AGAIN(HistoryRule.ASKED_ONCE),
    FORGETS_A_REMINDER(HistoryRule.DUE_ONCE),
    LOSES_THE_CANCELLATION(HistoryRule.CANCEL_STAYS),
    FORGETS_A_VALUE(HistoryRule.SAME_END);

    private final HistoryRule rule;

    StoreFault(HistoryRule rule) {
        this.rule = rule;
    }

    HistoryRule rule() {
        return rule;
    }
}
