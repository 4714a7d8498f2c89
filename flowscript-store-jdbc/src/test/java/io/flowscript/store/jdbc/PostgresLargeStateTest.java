package io.flowscript.store.jdbc;

import io.flowscript.core.store.ExecutionStore;
import java.sql.Connection;
import java.sql.SQLException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;

@Tag("integration")
class PostgresLargeStateTest extends LargeStates {

    private String database = "";

    @Override
    @BeforeEach
    void openStore() throws Exception {
        database = PostgresServer.newDatabase();
        super.openStore();
    }

    @Override
    ExecutionStore open() {
        return JdbcStore.open(PostgresServer.url(database));
    }

    @Override
    Connection connect() throws SQLException {
        return PostgresServer.source(database).getConnection();
    }

    @Override
    void noteWrites() throws SQLException {
        sql("CREATE TABLE noted (kind text, bytes bigint)");
        sql("CREATE FUNCTION note_value() RETURNS trigger LANGUAGE plpgsql AS"
                + " $$ BEGIN INSERT INTO noted VALUES ('value', length(new.value)); RETURN new; END $$");
        sql("CREATE FUNCTION note_snapshot() RETURNS trigger LANGUAGE plpgsql AS"
                + " $$ BEGIN INSERT INTO noted VALUES ('snapshot', length(new.snapshot)); RETURN new; END $$");
        sql("CREATE TRIGGER value_written AFTER INSERT OR UPDATE ON flowscript_value"
                + " FOR EACH ROW EXECUTE FUNCTION note_value()");
        sql("CREATE TRIGGER snapshot_written AFTER UPDATE ON flowscript_execution"
                + " FOR EACH ROW EXECUTE FUNCTION note_snapshot()");
    }
}
