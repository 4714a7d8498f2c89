package io.flowscript.testkit.crash;

/**
 * What must hold of the history of an execution, however often the process that ran it was killed.
 *
 * @since 0.1.0
 */
public enum HistoryRule {
    /** An execution whose start was confirmed is in the store, and does not have to be started again. */
    STARTED_STAYS,

    /** The log has the numbers from 1 to the last without a gap, in one epoch, and its times do not go back. */
    CONTIGUOUS_LOG,

    /** Each event that a subscriber has seen is in the log as it was seen. */
    SEEN_STAYS,

    /** A subscriber that comes back gets every event once and in order, up to the last one, and is told of no hole. */
    SEEN_ONCE,

    /** In the log, a visit of a node ends once, and nothing of it follows. */
    ONE_END_OF_A_VISIT,

    /**
     * A node is not called again when somebody has seen its end or, with {@code SYNC}, when a later node was called. With {@code
     * SYNC}, each call that is repeated has another attempt.
     */
    FINISHED_RUNS_ONCE,

    /** With {@code SYNC}, each call of a node is in the log. */
    CALL_IS_STORED,

    /** All calls of a visit have the same idempotency key, and no other visit has it. */
    SAME_KEY,

    /** A question that somebody has seen is in the log, and is known to those who answer it. */
    QUESTION_STAYS,

    /** Each question is asked as often as without a crash, and a node asks anew only when its question is closed. */
    ASKED_ONCE,

    /** Each answer that was accepted is in the log, and the node got it. */
    ACCEPTED_STAYS,

    /** One answer of a question is accepted, or one of each voter, and sending it again gives the same receipt. */
    ONE_RECEIPT,

    /** Reminders, escalations and deadlines of a question happen as often as without a crash. */
    DUE_ONCE,

    /** An execution whose cancellation was confirmed ends as cancelled. */
    CANCEL_STAYS,

    /** The execution ends, with the status and the state of one without a crash, and everybody was told this status. */
    SAME_END
}
