package io.flowscript.testkit.crash;

import io.flowscript.core.FlowScriptException;
import io.flowscript.core.store.Commit;
import io.flowscript.core.store.ExecutionStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A place where a store keeps executions while the processes that use it are killed: a directory, a database. Implemented by the
 * author of a store for {@link CrashSchedules}. Used by one thread.
 *
 * <p>Only {@link #open} has to be written. The defaults suit a store for which closing does nothing that the end of the process
 * would not do. Others override {@link #kill}, such as a store in a file: a copy of the file while it is open is what a killed
 * process leaves.
 *
 * @since 0.1.0
 */
@FunctionalInterface
public interface CrashSubject extends AutoCloseable {

    /** How long a store may take for one commit, in seconds. */
    int PATIENCE_SECONDS = 60;

    /**
     * Opens a store: an empty one at the first call, and then on what is durable. The store that was opened before is closed or
     * killed by then.
     *
     * @return an open store
     * @throws Exception if that fails
     */
    ExecutionStore open() throws Exception;

    /**
     * Ends a store as the end of its process would. All commits that were handed in are durable.
     *
     * @param store the store of {@link #open}
     * @throws Exception if that fails
     */
    default void kill(ExecutionStore store) throws Exception {
        store.close();
    }

    /**
     * Ends a store as the end of its process would, while it writes. Afterwards each of the commits is durable as a whole or not
     * at all. By default, some of them are handed in, and then the store is killed.
     *
     * @param store the store of {@link #open}
     * @param commits commits that are not handed in yet, each of another execution
     * @param random decides what happens
     * @throws Exception if that fails
     */
    default void killWhileWriting(ExecutionStore store, List<Commit> commits, Random random) throws Exception {
        write(store, commits.stream().filter(commit -> random.nextBoolean()).toList());
        kill(store);
    }

    /**
     * Disturbs a store that goes on: loses its connection, for example. Called before some commits are handed in. The engine is
     * not to notice. By default, nothing happens.
     *
     * @param store the store of {@link #open}
     * @param random decides what happens
     * @throws Exception if that fails
     */
    default void disturb(ExecutionStore store, Random random) throws Exception {}

    /** Removes what is left of the place. By default, nothing is done. */
    @Override
    default void close() {}

    /**
     * Hands in commits at once and waits until they are durable.
     *
     * @param store the store
     * @param commits the commits
     * @throws AssertionError if one fails, or takes longer than {@link #PATIENCE_SECONDS}
     */
    static void write(ExecutionStore store, List<Commit> commits) {
        List<CompletionStage<?>> stages = new ArrayList<>();
        for (Commit commit : commits) {
            stages.add(store.commit(commit));
        }
        for (int i = 0; i < stages.size(); i++) {
            try {
                stages.get(i).toCompletableFuture().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
            } catch (ExecutionException | TimeoutException | FlowScriptException e) {
                throw new AssertionError(
                        "A commit of " + commits.get(i).executionId() + " was not written, although the store is there",
                        e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new AssertionError("interrupted", e);
            }
        }
    }
}
