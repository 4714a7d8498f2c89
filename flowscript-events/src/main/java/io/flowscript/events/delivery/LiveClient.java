package io.flowscript.events.delivery;

/** A client, as its feeds see it. */
interface LiveClient {

    /**
     * Sends a run of events to the client, if its pump has nothing else to do. Called by the group, on any thread.
     *
     * @param feed the feed of the execution, which has had all events before
     * @param run the events
     * @return false when it cannot take them now; then nothing was sent, and the feed goes on by itself
     */
    boolean take(Feed feed, LiveGroup.Run run);

    /**
     * Lets the client's pump look at a feed or a pacer. Any thread.
     *
     * @param woken the feed or pacer
     */
    void wake(WakeUps.Sleeper woken);
}
