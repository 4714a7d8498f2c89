package io.flowscript.events.delivery;

/** What runs the pumps of the clients. */
@FunctionalInterface
interface Pumps {

    /**
     * Lets a pump run soon.
     *
     * @param pump what to run
     * @param refused run before it, when no more work is taken; both on the thread that learns it
     */
    void execute(Runnable pump, Runnable refused);
}
