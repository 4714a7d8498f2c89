package io.flowscript.events.delivery;

/** Runs the pumps of the clients. */
@FunctionalInterface
interface Pumps {

    /**
     * Runs a pump soon.
     *
     * @param pump the pump's next run
     * @param refused runs before {@code pump} when the executor rejects work; both then run on the thread that was
     *     rejected
     */
    void execute(Runnable pump, Runnable refused);
}
