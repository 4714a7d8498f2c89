package io.flowscript.store.jdbc;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.sql.Connection;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/**
 * Waits for notifications on a connection of PostgreSQL's driver. JDBC has no method for them. The driver's is called by
 * reflection, so that this module does not depend on the driver.
 */
final class Notifications {

    private static final String DRIVER_TYPE = "org.postgresql.PGConnection";

    private final Object connection;
    private final Method wait;

    private Notifications(Object connection, Method wait) {
        this.connection = connection;
        this.wait = wait;
    }

    /** {@return the notifications of a connection; null when it is not one of PostgreSQL's driver} */
    static @Nullable Notifications of(Connection connection) throws SQLException {
        try {
            Class<?> type = Class.forName(DRIVER_TYPE);
            return connection.isWrapperFor(type)
                    ? new Notifications(connection.unwrap(type), type.getMethod("getNotifications", int.class))
                    : null;
        } catch (ReflectiveOperationException e) {
            return null;
        }
    }

    /**
     * Waits for notifications.
     *
     * @param millis how long, more than zero
     * @return whether there were some
     * @throws SQLException when the connection is lost
     */
    boolean await(int millis) throws SQLException {
        try {
            Object found = wait.invoke(connection, millis);
            return found instanceof Object[] notifications && notifications.length > 0;
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof SQLException lost) {
                throw lost;
            }
            throw new SQLException("Notifications cannot be waited for", e.getCause());
        } catch (IllegalAccessException e) {
            throw new SQLException("Notifications cannot be waited for", e);
        }
    }
}
