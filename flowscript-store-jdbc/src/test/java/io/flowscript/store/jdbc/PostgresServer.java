package io.flowscript.store.jdbc;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;

/** A real server of PostgreSQL for the tests of this process, with a database for each test. */
final class PostgresServer {

    private static final EmbeddedPostgres SERVER = start();
    private static final AtomicInteger DATABASES = new AtomicInteger();

    private PostgresServer() {}

    private static EmbeddedPostgres start() {
        try {
            return EmbeddedPostgres.builder().start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** {@return the name of a new, empty database} */
    static String newDatabase() throws SQLException {
        String name = "test" + DATABASES.incrementAndGet();
        sql("CREATE DATABASE " + name);
        return name;
    }

    static DataSource source(String database) {
        return SERVER.getDatabase("postgres", database);
    }

    static String url(String database) {
        return SERVER.getJdbcUrl("postgres", database);
    }

    /** Runs a command outside of the databases of the tests. */
    static void sql(String command) throws SQLException {
        sql("postgres", command);
    }

    /** Runs a command in a database. */
    static void sql(String database, String command) throws SQLException {
        try (Connection connection = source(database).getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(command);
        }
    }

    /** Ends the sessions of a database. */
    static void endSessions(String database) throws SQLException {
        sql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '" + database + "'");
    }
}
