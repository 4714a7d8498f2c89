package io.flowscript.store.jdbc;

import io.flowscript.core.store.ExecutionStore;
import java.sql.SQLException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;

@Tag("integration")
@DisplayName("The inbox of an engine whose store is in PostgreSQL")
class PostgresInboxTest extends InboxModel {

    private String database;

    @BeforeEach
    void create() throws SQLException {
        database = PostgresServer.newDatabase();
    }

    @Override
    ExecutionStore open() {
        return JdbcStore.open(PostgresServer.url(database));
    }
}
