package io.flowscript.store.jdbc;

import java.sql.Connection;
import java.sql.SQLException;

/** A database that a store is in: how it is connected to and locked, and what its errors mean. */
interface Database extends AutoCloseable {

    /** {@return what the database is called in messages} */
    String name();

    /** {@return the name of the folder with the scripts of the schema} */
    String scripts();

    /** {@return a query that has one row when the table {@code flowscript_schema} exists, and none otherwise} */
    String schemaQuery();

    /**
     * Returns the query for the events of an execution.
     *
     * @return a query with three parameters: the number of an event after which, and that of one up to which events are
     *     wanted, and the number of the execution. Its first column has the bytes of events that follow each other, which may
     *     begin before the first one that is wanted, and end after the last one. The second column has the number of the
     *     first of them.
     */
    String eventsQuery();

    /** {@return the column of {@code flowscript_events} that names a row among those of an execution} */
    String eventsKey();

    /** {@return an aggregate of the values that an execution keeps apart, from {@code flowscript_value AS v}: their bytes, with a line feed between them} */
    String valuesAggregate();

    /** {@return how many changes are written in one transaction at most} */
    int maxBatch();

    /**
     * Opens the connection of the writer for the first time: keeps other stores away, brings the tables up to date, and
     * makes this store their owner.
     *
     * @return the connection
     * @throws SQLException when the database cannot be reached
     * @throws io.flowscript.core.FlowScriptException with code {@code store_in_use} when another store has the database,
     *     or {@code store_schema_newer} when its tables are of a later version
     */
    Connection open() throws SQLException;

    /**
     * Opens the connection of the writer again after it was lost.
     *
     * @return the connection
     * @throws SQLException when the database cannot be reached
     * @throws io.flowscript.core.FlowScriptException with code {@code store_failed} when another store has become the
     *     owner in the meantime
     */
    Connection reopen() throws SQLException;

    /** {@return a connection for reading, in auto-commit mode. A server that does not answer for long counts as lost} */
    Connection openReader() throws SQLException;

    /** Closes a connection of {@link #openReader}, which may be broken. */
    default void releaseReader(Connection reader) throws SQLException {
        reader.close();
    }

    /** {@return a connection in auto-commit mode for statements that go through whole tables, which may take any time} */
    default Connection openWorker() throws SQLException {
        return openReader();
    }

    /** {@return a statement that begins a transaction of a reader, all of whose queries see the same changes} */
    String beginReading();

    /** {@return the transactions of the writer on a connection of {@link #open} or {@link #reopen}} */
    BatchTransaction transaction(Connection writer) throws SQLException;

    /** Closes a connection of {@link #open} or {@link #reopen}, which may be broken. Throws nothing. */
    void release(Connection writer);

    /** {@return whether the same change may succeed later, when the database is there again} */
    boolean isUnavailable(SQLException failure);

    /** Lets other stores open the database. Called after the writer's connection was released. */
    @Override
    void close();
}
