package io.flowscript.store.jdbc;

import io.flowscript.core.FlowScriptException;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;

/**
 * Transactions of the writer, one after the other, on one connection. After an exception it is rolled back and closed, since
 * drivers close statements that have failed. For use by one thread.
 */
interface BatchTransaction extends AutoCloseable {

    /**
     * Begins a transaction and writes the number of a batch in it.
     *
     * @param batch the number of the batch, greater than those of all batches before
     * @return whether the batch is still to be written; false when an earlier transaction has written it
     * @throws FlowScriptException with code {@code store_failed} when another store has become the owner of the tables
     */
    boolean begin(long batch) throws SQLException;

    /**
     * Writes changes, each of another execution.
     *
     * @param changes the changes
     * @return why changes are refused, by the ids of their executions; nothing of them is written
     */
    Map<String, FlowScriptException> write(List<Change> changes) throws SQLException;

    /** Commits. When this throws, the outcome is not known. */
    void commit() throws SQLException;

    /** Rolls back. Has no effect when there is no transaction. */
    void rollback() throws SQLException;

    /** Closes the statements. The connection stays open. */
    @Override
    void close() throws SQLException;
}
