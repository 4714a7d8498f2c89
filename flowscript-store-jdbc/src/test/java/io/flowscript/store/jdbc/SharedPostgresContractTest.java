package io.flowscript.store.jdbc;

import io.flowscript.core.store.SharedStore;
import io.flowscript.testkit.store.SharedStoreContract;
import java.sql.SQLException;
import java.time.Duration;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;

@Tag("integration")
@DisplayName("Stores that share a PostgreSQL fulfil the contract of a shared store")
class SharedPostgresContractTest extends SharedStoreContract {

    private String database;

    @Override
    protected SharedStore join() throws SQLException {
        if (database == null) {
            database = PostgresServer.newDatabase();
        }
        return JdbcStore.openShared(PostgresServer.url(database), Duration.ofMinutes(10));
    }

    /** Leases end by the clock of the database. It is as if the members had renewed so much earlier. */
    @Override
    protected void outlast(Duration lease) throws SQLException {
        PostgresServer.sql(
                database,
                "UPDATE flowscript_member SET alive_until = alive_until - interval '" + lease.toSeconds()
                        + " seconds'");
    }
}
