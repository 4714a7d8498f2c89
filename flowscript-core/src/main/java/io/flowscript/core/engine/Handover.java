package io.flowscript.core.engine;

/**
 * Work that a thread gives back to its executor in the middle, so that others get a turn. An executor that runs tasks on the calling thread
 * would run it within itself, deeper each time; then the thread goes on with the work itself.
 */
final class Handover implements Runnable {

    private final Runnable rest;
    private final Thread from = Thread.currentThread();
    private boolean given;
    private boolean back;

    Handover(Runnable rest) {
        this.rest = rest;
    }

    /** Whether the executor has it, so that the calling thread may leave. To be called once, after handing it over. */
    boolean isTaken() {
        given = true;
        return !back;
    }

    @Override
    public void run() {
        // The two flags are only ever touched by the thread that hands over.
        if (Thread.currentThread() == from && !given) {
            back = true;
        } else {
            rest.run();
        }
    }
}
