package io.flowscript.store.jdbc;

/** Waits for the end of threads. */
final class Threads {

    private Threads() {}

    /** Waits until a thread has ended. An interrupt does not end the wait and is kept for the caller. */
    static void join(Thread thread) {
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
