package io.flowscript.testkit;

/** Something that people do to an execution at a moment. */
enum Action {
    /** Somebody answers everything that is open. */
    ANSWER,
    /** Somebody answers everything that is open, and then again. */
    TWICE,
    /** Somebody answers everything that is open, and sends the same once more under the same key. */
    SENT_AGAIN,
    /** Everybody answers everything that is open, one right after the other. */
    EVERYBODY,
    /** Somebody answers what is open, wrongly. */
    WRONG,
    /** Everybody answers what is closed. */
    LATE,
    /** Somebody takes on what is open. */
    CLAIM,
    /** Somebody gives back what they have taken on. */
    RELEASE,
    /** Somebody cancels the execution. */
    CANCEL
}
