package io.flowscript.store.jdbc;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Waits for notifications of other processes, on a thread and a connection of its own. They are hints: while the connection is
 * away, or when it is not one of PostgreSQL's driver, news are looked for from time to time only.
 */
final class NewsListener implements AutoCloseable {

    private static final int WAIT_MILLIS = 10_000;

    /** How long a connection may take to tell whether it still works. */
    private static final int VALIDATION_SECONDS = 5;

    private static final Logger LOGGER = System.getLogger(NewsListener.class.getName());

    private final PostgresDatabase.Connections connections;
    private final int waitMillis;
    private final Thread thread = new Thread(this::run, "flowscript-store-listener");
    private volatile Runnable signal = () -> {};
    private volatile boolean closed;
    private volatile @Nullable Connection connection;

    NewsListener(PostgresDatabase.Connections connections) {
        this(connections, WAIT_MILLIS);
    }

    /**
     * Creates a listener.
     *
     * @param waitMillis after how long without a notification it looks whether the connection still works
     */
    NewsListener(PostgresDatabase.Connections connections, int waitMillis) {
        this.connections = connections;
        this.waitMillis = waitMillis;
    }

    void start() {
        thread.setDaemon(true);
        thread.start();
    }

    void onNews(Runnable to) {
        signal = to;
    }

    private void run() {
        Backoff backoff = new Backoff();
        while (!closed) {
            try (Connection current = connections.open();
                    Statement statement = current.createStatement()) {
                connection = current;
                current.setAutoCommit(true);
                Notifications notifications = Notifications.of(current);
                if (notifications == null) {
                    LOGGER.log(
                            Level.WARNING,
                            "The connections of the data source are not those of PostgreSQL's driver, so processes learn of each"
                                    + " other's changes with a delay of a fifth of the lease");
                    return;
                }
                NetworkTimeout.set(current);
                statement.execute("LISTEN " + SharedWrites.CHANNEL);
                backoff = new Backoff();
                signal.run(); // what came while nobody listened
                listen(current, notifications);
                statement.execute("UNLISTEN *");
                NetworkTimeout.reset(current);
            } catch (SQLException e) {
                if (!closed) {
                    LOGGER.log(Level.DEBUG, "The connection for notifications is lost; it is opened again", e);
                    LockSupport.parkNanos(backoff.next());
                }
            }
        }
    }

    private void listen(Connection current, Notifications notifications) throws SQLException {
        while (!closed) {
            if (notifications.await(waitMillis)) {
                signal.run();
            } else if (!current.isValid(VALIDATION_SECONDS)) {
                current.abort(Runnable::run); // so that a pool drops it
                throw new SQLException("The server does not answer");
            }
        }
    }

    @Override
    public void close() {
        closed = true;
        Connection current = connection;
        if (current != null) {
            try {
                current.abort(Runnable::run);
            } catch (SQLException e) {
                LOGGER.log(Level.DEBUG, "The connection for notifications is lost already", e);
            }
        }
        LockSupport.unpark(thread);
        Threads.join(thread);
    }
}
