package io.flowscript.store.jdbc;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;

/** The connections to a URL, which are kept for the next reading. Safe for use by any thread. */
final class Pool implements PostgresDatabase.Connections {

    /** The writer keeps one, and two more when processes share the database. */
    static final int MAX_CONNECTIONS = 12;

    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final Duration IDLE = Duration.ofMinutes(1);

    private final HikariDataSource source;

    private Pool(HikariDataSource source) {
        this.source = source;
    }

    /**
     * Creates a pool that connects when it has to.
     *
     * @throws io.flowscript.core.FlowScriptException with code {@code store_failed} when no driver knows the URL
     */
    static Pool of(String jdbcUrl) {
        return of(jdbcUrl, MAX_CONNECTIONS, PATIENCE);
    }

    static Pool of(String jdbcUrl, int max, Duration patience) {
        HikariConfig config = new HikariConfig();
        config.setPoolName("flowscript-store");
        config.setJdbcUrl(jdbcUrl);
        config.setMaximumPoolSize(max);
        config.setMinimumIdle(1);
        config.setIdleTimeout(IDLE.toMillis());
        config.setConnectionTimeout(patience.toMillis());
        config.setInitializationFailTimeout(-1); // a database that is away is reported as for a data source
        try {
            return new Pool(new HikariDataSource(config));
        } catch (RuntimeException e) {
            throw StoreErrors.failed("There is no driver for this JDBC URL; is it on the class path?", e);
        }
    }

    @Override
    public Connection open() throws SQLException {
        try {
            return source.getConnection();
        } catch (SQLTransientConnectionException e) {
            if (source.getHikariPoolMXBean().getActiveConnections() < source.getMaximumPoolSize()) {
                throw e;
            }
            throw new SQLTransientConnectionException(
                    "All " + source.getMaximumPoolSize() + " connections of the store have been in use for "
                            + source.getConnectionTimeout()
                            + " ms; try again, or give the store a data source that has more",
                    e);
        }
    }

    @Override
    public void close() {
        source.close();
    }
}
