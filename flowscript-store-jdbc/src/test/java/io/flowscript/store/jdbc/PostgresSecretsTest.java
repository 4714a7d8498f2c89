package io.flowscript.store.jdbc;

import io.flowscript.core.store.StateCipher;
import java.sql.Connection;
import java.sql.SQLException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;

@Tag("integration")
class PostgresSecretsTest extends Secrets {

    private String database = "";

    @BeforeEach
    void newDatabase() throws SQLException {
        database = PostgresServer.newDatabase();
    }

    @Override
    JdbcStore open() {
        return JdbcStore.open(PostgresServer.source(database));
    }

    @Override
    JdbcStore open(StateCipher cipher) {
        return JdbcStore.open(PostgresServer.source(database), cipher);
    }

    @Override
    Connection connect() throws SQLException {
        return PostgresServer.source(database).getConnection();
    }
}
