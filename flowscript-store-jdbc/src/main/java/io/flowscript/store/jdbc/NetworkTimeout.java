package io.flowscript.store.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;

/** The time after which a server that does not answer counts as lost. */
final class NetworkTimeout {

    static final int MILLIS = 30_000;

    private NetworkTimeout() {}

    static void set(Connection connection) throws SQLException {
        set(connection, MILLIS);
    }

    /** For a connection that may go back to a pool. */
    static void reset(Connection connection) throws SQLException {
        set(connection, 0);
    }

    private static void set(Connection connection, int millis) throws SQLException {
        try {
            connection.setNetworkTimeout(Runnable::run, millis);
        } catch (SQLFeatureNotSupportedException e) {
            // Then a server that does not answer is noticed by the operating system.
        }
    }
}
