package io.flowscript.benchmarks.store;

import io.flowscript.core.store.ExecutionStore;
import io.flowscript.store.jdbc.JdbcStore;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Comparator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** An empty database of one kind, which is gone when it is closed. */
public final class TestDatabase implements AutoCloseable {

    private final Path directory;
    private final @Nullable EmbeddedPostgres server;

    private TestDatabase(Path directory, @Nullable EmbeddedPostgres server) {
        this.directory = directory;
        this.server = server;
    }

    /**
     * Makes a database.
     *
     * @param kind {@code sqlite} or {@code postgresql}, which is started
     * @return the database
     * @throws IOException if it cannot be made
     */
    public static TestDatabase of(String kind) throws IOException {
        Path directory = Files.createTempDirectory("flowscript-benchmark");
        return switch (kind) {
            case "sqlite" -> new TestDatabase(directory, null);
            case "postgresql" ->
                new TestDatabase(
                        directory,
                        EmbeddedPostgres.builder()
                                .setServerConfig("shared_buffers", "256MB")
                                .start());
            default -> throw new IllegalArgumentException("on must be sqlite or postgresql, not " + kind);
        };
    }

    boolean isPostgres() {
        return server != null;
    }

    /** {@return a store in the database, with {@code SYNC}; closing it is for the caller} */
    public ExecutionStore store() {
        return server == null
                ? JdbcStore.open(directory.resolve("flowscript.db"))
                : JdbcStore.open(server.getJdbcUrl("postgres", "postgres"));
    }

    /** {@return a connection that syncs each commit, as the store's does} */
    Connection connect() throws SQLException {
        if (server != null) {
            return server.getPostgresDatabase().getConnection();
        }
        Connection connection = DriverManager.getConnection(
                "jdbc:sqlite:" + directory.resolve("raw.db") + "?jdbc.get_generated_keys=false");
        try (Statement statement = connection.createStatement()) {
            statement.execute("PRAGMA journal_mode = WAL");
            statement.execute("PRAGMA synchronous = FULL");
        }
        return connection;
    }

    @Override
    public void close() throws IOException {
        if (server != null) {
            server.close();
        }
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
