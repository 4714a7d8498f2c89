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

    /**
     * Runs the pump of a client that is behind, and so has much to send. Those of {@link #execute} need not wait until all of
     * these had their turns.
     *
     * @param pump the pump's next run
     * @param refused as with {@link #execute}
     */
    default void executeBehind(Runnable pump, Runnable refused) {
        execute(pump, refused);
    }
}
