package io.flowscript.store.jdbc;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Locale;
import java.util.regex.Pattern;

/** Brings the tables to the version that this code knows, by numbered scripts. */
final class Schema {

    /** The version that this code knows, which is the number of the last script. */
    static final int VERSION = 1;

    private static final Pattern COMMAND_END = Pattern.compile(";\\s*\\n");

    private final Database database;

    Schema(Database database) {
        this.database = database;
    }

    /**
     * Runs the scripts that the database has not had, inside the caller's transaction. No other store may use the database.
     *
     * @param connection a connection with a transaction
     * @throws io.flowscript.core.FlowScriptException with code {@code store_schema_newer} when the tables have a version
     *     that this code does not know
     */
    void migrate(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            int found = version(statement);
            if (found > VERSION) {
                throw StoreErrors.newerSchema(database.name(), found, VERSION);
            }
            for (int next = found + 1; next <= VERSION; next++) {
                for (String command : COMMAND_END.splitAsStream(script(next)).toList()) {
                    if (!command.isBlank()) {
                        statement.execute(command);
                    }
                }
                statement.execute("UPDATE flowscript_schema SET version = " + next);
            }
        }
    }

    private int version(Statement statement) throws SQLException {
        boolean exists;
        try (ResultSet found = statement.executeQuery(database.schemaQuery())) {
            exists = found.next();
        }
        if (!exists) {
            statement.execute("CREATE TABLE flowscript_schema (version integer NOT NULL)");
            statement.execute("INSERT INTO flowscript_schema (version) VALUES (0)");
            return 0;
        }
        try (ResultSet version = statement.executeQuery("SELECT version FROM flowscript_schema")) {
            if (!version.next()) {
                throw StoreErrors.failed("The table flowscript_schema of " + database.name() + " is empty; restore it");
            }
            return version.getInt(1);
        }
    }

    private String script(int number) {
        String name = String.format(Locale.ROOT, "schema/%s/%03d.sql", database.scripts(), number);
        try (InputStream in = Schema.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException("The resource " + name + " is missing");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw StoreErrors.failed("The resource " + name + " cannot be read", e);
        }
    }
}
