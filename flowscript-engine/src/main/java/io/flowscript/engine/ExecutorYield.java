package io.flowscript.engine;

/**
 * The rest of a thread's work, given back to the executor so that other tasks get a turn. An executor that runs tasks on the calling thread would
 * run it inside the present call, deeper each time; in that case the calling thread continues with the work itself.
 */
final class ExecutorYield implements Runnable {

    private final Runnable rest;
    private final Thread from = Thread.currentThread();
    private boolean given;
    private boolean back;

    ExecutorYield(Runnable rest) {
        this.rest = rest;
    }

    /**
     * Returns true if the executor runs the work, so that the calling thread can return. Must be called once, after
     * submitting.
     */
    boolean isTaken() {
        given = true;
        return !back;
    }

    @Override
    public void run() {
        // Only the submitting thread uses these two flags.
        if (Thread.currentThread() == from && !given) {
            back = true;
        } else {
            rest.run();
        }
    }
}
